/** Changing a VPC endpoint (EC2 API Reference, ModifyVpcEndpoint). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { done, requireEndpoint, requireOne } from './common.ts';
import { requireService } from './endpoint-services.ts';
import {
  addInterfaces,
  addRoutes,
  dnsEntries,
  removeInterfaces,
  removeRoutes,
  requireGroups,
  requireSubnets,
  requireTables,
  setGroups,
} from './vpc-endpoint-parts.ts';
import { FULL_ACCESS, requirePolicy, requirePrivateDns } from './vpc-endpoints.ts';

/** All is judged before anything is changed. */
const ModifyVpcEndpoint: Operation<Ec2.ModifyVpcEndpointRequest, Ec2.ModifyVpcEndpointResult> = (request, input) => {
  const { regionName, region, random } = request;
  const { ec2 } = region;
  const endpoint = requireEndpoint(request, input.VpcEndpointId);
  const { VpcId, ServiceName = '', VpcEndpointType = 'Gateway' } = endpoint;
  requireFitting(input, VpcEndpointType);
  const service = requireService(regionName, ServiceName, VpcEndpointType);
  const policy = input.PolicyDocument === undefined ? undefined : requirePolicy(input.PolicyDocument);
  const gone = input.RemoveSubnetIds ?? [];
  const kept = (endpoint.SubnetIds ?? []).filter((id) => !gone.includes(id));
  const tables = requireTables(request, endpoint, input.AddRouteTableIds ?? []);
  const subnets = requireSubnets(request, VpcId, input.AddSubnetIds ?? [], kept);
  const groups = changedGroups(endpoint, input);
  const inGroups = groups && requireGroups(request, VpcId, groups);
  if (input.PrivateDnsEnabled) requirePrivateDns(request, endpoint, service);

  if (input.ResetPolicy) endpoint.PolicyDocument = FULL_ACCESS;
  if (policy !== undefined) endpoint.PolicyDocument = policy;
  removeRoutes(ec2, endpoint, input.RemoveRouteTableIds ?? []);
  addRoutes(ec2, endpoint, tables);
  removeInterfaces(ec2, endpoint, gone);
  if (inGroups) setGroups(ec2, endpoint, inGroups);
  addInterfaces(request, endpoint, subnets);
  endpoint.PrivateDnsEnabled = input.PrivateDnsEnabled ?? endpoint.PrivateDnsEnabled;
  if (VpcEndpointType === 'Interface') {
    const inSubnets = (endpoint.SubnetIds ?? []).map((id) =>
      requireOne(ec2.subnets, (each) => each.SubnetId, id, 'subnet'),
    );
    endpoint.DnsEntries = dnsEntries(endpoint, service, inSubnets, random);
  }
  return done;
};

function requireFitting(input: Ec2.ModifyVpcEndpointRequest, type: string): void {
  const forGateways = [input.AddRouteTableIds, input.RemoveRouteTableIds];
  const forInterfaces = [
    input.AddSubnetIds,
    input.RemoveSubnetIds,
    input.AddSecurityGroupIds,
    input.RemoveSecurityGroupIds,
  ];
  const wrong = type === 'Gateway' ? forInterfaces : forGateways;
  if (wrong.some((ids) => ids?.length))
    throw new AwsError(
      'InvalidParameter',
      type === 'Gateway'
        ? 'Subnet IDs and security group IDs are only supported for Interface type VPC Endpoint.'
        : 'Route table IDs are only supported for Gateway type VPC Endpoint.',
    );
}

function changedGroups({ Groups = [] }: Ec2.VpcEndpoint, input: Ec2.ModifyVpcEndpointRequest): string[] | undefined {
  const { AddSecurityGroupIds: add = [], RemoveSecurityGroupIds: remove = [] } = input;
  if (add.length + remove.length === 0) return undefined;
  const ids = [...Groups.flatMap(({ GroupId }) => GroupId ?? []), ...add].filter((id) => !remove.includes(id));
  if (ids.length === 0)
    throw new AwsError('InvalidParameter', 'An interface VPC endpoint must have at least one security group.');
  return [...new Set(ids)];
}

export const vpcEndpointChangeOperations: Operations = { ModifyVpcEndpoint };
