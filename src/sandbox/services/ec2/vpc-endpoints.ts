/** VPC endpoints for AWS's own services, of the types Gateway and Interface (AWS PrivateLink Guide). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { once } from './client-tokens.ts';
import { invalidValue, list, missingParameter, requireVpc } from './common.ts';
import { requireService } from './endpoint-services.ts';
import { namesOf } from './interfaces.ts';
import { tagsFor } from './tag-rules.ts';
import { setState, stateOf } from './vpc-endpoint-life.ts';
import {
  addInterfaces,
  addRoutes,
  dnsEntries,
  removeRoutes,
  requireGroups,
  requireSubnets,
  requireTables,
} from './vpc-endpoint-parts.ts';

/** Full access (AWS PrivateLink Guide, "Default endpoint policy"). */
export const FULL_ACCESS = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

export function requirePolicy(text: string): string {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && 'Statement' in policy) return text;
  } catch {
    // Said below.
  }
  throw new AwsError('InvalidPolicyDocument', 'The specified policy document is not a valid JSON policy document.');
}

const CreateVpcEndpoint: Operation<Ec2.CreateVpcEndpointRequest, Ec2.CreateVpcEndpointResult> = (request, input) => {
  const answer = (VpcEndpoint: Ec2.VpcEndpoint) => ({ VpcEndpoint, ClientToken: input.ClientToken });
  return once(
    request,
    'CreateVpcEndpoint',
    input,
    () => {
      const endpoint = makeEndpoint(request, input);
      return { output: answer(endpoint), ids: [endpoint.VpcEndpointId ?? ''] };
    },
    ([id]) => {
      const known = request.region.ec2.vpcEndpoints.find(({ VpcEndpointId }) => VpcEndpointId === id);
      return known && answer(known);
    },
  );
};

function makeEndpoint(request: Request, input: Ec2.CreateVpcEndpointRequest): Ec2.VpcEndpoint {
  const { region, regionName, account, now, random } = request;
  const { VpcId } = requireVpc(request, input.VpcId);
  const { ServiceName, VpcEndpointType = 'Gateway' } = input;
  if (ServiceName === undefined) throw missingParameter('serviceName');
  if (VpcEndpointType !== 'Gateway' && VpcEndpointType !== 'Interface')
    throw invalidValue('vpcEndpointType', VpcEndpointType, 'The sandbox has endpoints of type Gateway and Interface.');
  const service = requireService(regionName, ServiceName, VpcEndpointType);
  const id = resourceId(random, 'vpce');
  const endpoint: Ec2.VpcEndpoint = {
    VpcEndpointId: id,
    VpcEndpointType,
    VpcId,
    ServiceName,
    ServiceRegion: regionName,
    OwnerId: account.id,
    PolicyDocument: input.PolicyDocument === undefined ? FULL_ACCESS : requirePolicy(input.PolicyDocument),
    PrivateDnsEnabled: false,
    RequesterManaged: false,
    RouteTableIds: [],
    SubnetIds: [],
    NetworkInterfaceIds: [],
    Groups: [],
    DnsEntries: [],
    CreationTimestamp: new Date(now),
    Tags: tagsFor(input.TagSpecifications, 'vpc-endpoint'),
  };
  const build = VpcEndpointType === 'Gateway' ? buildGateway : buildInterface;
  build(request, input, endpoint, service);
  setState(endpoint, VpcEndpointType === 'Gateway' ? 'available' : 'pending');
  region.ec2.vpcEndpoints.push(endpoint);
  region.ec2.since[id] = now;
  return endpoint;
}

function buildGateway(request: Request, input: Ec2.CreateVpcEndpointRequest, endpoint: Ec2.VpcEndpoint): void {
  refuse('Subnet', input.SubnetIds, 'Interface and GatewayLoadBalancer type VPC Endpoints');
  refuse('Security group', input.SecurityGroupIds, 'Interface type VPC Endpoint');
  if (input.PrivateDnsEnabled)
    throw new AwsError('InvalidParameter', 'Private DNS can only be enabled for Interface type VPC Endpoint.');
  const tables = requireTables(request, endpoint, input.RouteTableIds ?? []);
  addRoutes(request.region.ec2, endpoint, tables);
}

function buildInterface(
  request: Request,
  input: Ec2.CreateVpcEndpointRequest,
  endpoint: Ec2.VpcEndpoint,
  service: Ec2.ServiceDetail,
): void {
  refuse('Route table', input.RouteTableIds, 'Gateway type VPC Endpoint');
  const subnets = requireSubnets(request, endpoint.VpcId, input.SubnetIds ?? []);
  endpoint.Groups = namesOf(requireGroups(request, endpoint.VpcId, input.SecurityGroupIds ?? []));
  endpoint.PrivateDnsEnabled = input.PrivateDnsEnabled ?? true;
  if (endpoint.PrivateDnsEnabled) requirePrivateDns(request, endpoint, service);
  endpoint.IpAddressType = 'ipv4';
  endpoint.DnsOptions = { DnsRecordIpType: 'ipv4' };
  addInterfaces(request, endpoint, subnets);
  endpoint.DnsEntries = dnsEntries(endpoint, service, subnets, request.random);
}

function refuse(what: string, ids: readonly string[] | undefined, where: string): void {
  if (ids?.length) throw new AwsError('InvalidParameter', `${what} IDs are only supported for ${where}.`);
}

/** @throws AwsError where the VPC cannot resolve the service's usual name, or another endpoint has it. */
export function requirePrivateDns(
  { region: { ec2 } }: Request,
  { VpcId = '', VpcEndpointId }: Ec2.VpcEndpoint,
  { ServiceName, PrivateDnsName }: Ec2.ServiceDetail,
): void {
  const attributes = ec2.vpcAttributes[VpcId];
  if (!attributes?.enableDnsSupport || !attributes.enableDnsHostnames)
    throw new AwsError(
      'InvalidParameter',
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${VpcId}`,
    );
  const conflicts = ec2.vpcEndpoints.some(
    (each) =>
      each.VpcId === VpcId &&
      each.ServiceName === ServiceName &&
      each.PrivateDnsEnabled &&
      each.VpcEndpointId !== VpcEndpointId,
  );
  if (conflicts)
    throw new AwsError(
      'InvalidParameter',
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${PrivateDnsName} in the VPC ${VpcId}`,
    );
}

const DescribeVpcEndpoints: Operation<Ec2.DescribeVpcEndpointsRequest, Ec2.DescribeVpcEndpointsResult> = (
  { region },
  input,
) => {
  const { items, ...rest } = list(region.ec2.vpcEndpoints, input, {
    ids: input.VpcEndpointIds,
    idOf: ({ VpcEndpointId }) => VpcEndpointId,
    prefix: 'vpce',
    filters: {
      'ip-address-type': ({ IpAddressType }) => IpAddressType,
      'service-name': ({ ServiceName }) => ServiceName,
      'service-region': ({ ServiceRegion }) => ServiceRegion,
      'vpc-endpoint-id': ({ VpcEndpointId }) => VpcEndpointId,
      'vpc-endpoint-state': ({ State }) => State,
      'vpc-endpoint-type': ({ VpcEndpointType }) => VpcEndpointType,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { VpcEndpoints: items, ...rest };
};

/** A gateway's routes go at once; an interface endpoint takes its time. */
const DeleteVpcEndpoints: Operation<Ec2.DeleteVpcEndpointsRequest, Ec2.DeleteVpcEndpointsResult> = (
  { region: { ec2 }, now },
  input,
) => {
  const Unsuccessful: Ec2.UnsuccessfulItem[] = [];
  for (const id of input.VpcEndpointIds ?? []) {
    const endpoint = ec2.vpcEndpoints.find(({ VpcEndpointId }) => VpcEndpointId === id);
    if (!endpoint) {
      const Message = `The Vpc Endpoint Id '${id}' does not exist`;
      Unsuccessful.push({ ResourceId: id, Error: { Code: 'InvalidVpcEndpoint.NotFound', Message } });
    } else if (stateOf(endpoint) !== 'deleting') {
      removeRoutes(ec2, endpoint, endpoint.RouteTableIds ?? []);
      setState(endpoint, 'deleting');
      ec2.since[id] = now;
    }
  }
  return { Unsuccessful };
};

export const vpcEndpointOperations: Operations = { CreateVpcEndpoint, DescribeVpcEndpoints, DeleteVpcEndpoints };
