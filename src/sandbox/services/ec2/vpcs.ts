/** VPCs, with what AWS makes along with each: main route table, default network ACL, default security group. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { requireBlock } from './cidr-blocks.ts';
import { dependencyViolation, invalidValue, list, requireVpc } from './common.ts';
import { endPeering } from './peering-life.ts';
import { tagsFor } from './tag-rules.ts';

export interface VpcPlan {
  readonly accountId: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly tags: Ec2.Tag[];
  readonly random: () => number;
}

const DHCP_OPTIONS = 'dopt-0d1a2b3c4d5e6f708';
const LAST_RULE = 32767;

export function makeVpc(ec2: Ec2State, { accountId, cidr, isDefault, tags, random }: VpcPlan): Ec2.Vpc {
  const VpcId = resourceId(random, 'vpc');
  const vpc: Ec2.Vpc = {
    VpcId,
    CidrBlock: cidr,
    CidrBlockAssociationSet: [
      { AssociationId: resourceId(random, 'vpc-cidr-assoc'), CidrBlock: cidr, CidrBlockState: { State: 'associated' } },
    ],
    DhcpOptionsId: DHCP_OPTIONS,
    InstanceTenancy: 'default',
    IsDefault: isDefault,
    OwnerId: accountId,
    State: 'available',
    Tags: tags,
  };
  ec2.vpcs.push(vpc);
  // VPC User Guide, "DNS attributes": hostnames are on in the default VPC only.
  ec2.vpcAttributes[VpcId] = { enableDnsSupport: true, enableDnsHostnames: isDefault };
  const RouteTableId = resourceId(random, 'rtb');
  ec2.routeTables.push({
    RouteTableId,
    VpcId,
    OwnerId: accountId,
    Associations: [
      {
        Main: true,
        RouteTableAssociationId: resourceId(random, 'rtbassoc'),
        RouteTableId,
        AssociationState: { State: 'associated' },
      },
    ],
    PropagatingVgws: [],
    Routes: [{ DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }],
    Tags: [],
  });
  ec2.networkAcls.push({
    NetworkAclId: resourceId(random, 'acl'),
    VpcId,
    OwnerId: accountId,
    IsDefault: true,
    Associations: [],
    Entries: [true, false].flatMap((Egress) => [
      { CidrBlock: '0.0.0.0/0', Egress, Protocol: '-1', RuleAction: 'allow' as const, RuleNumber: 100 },
      { CidrBlock: '0.0.0.0/0', Egress, Protocol: '-1', RuleAction: 'deny' as const, RuleNumber: LAST_RULE },
    ]),
    Tags: [],
  });
  const GroupId = resourceId(random, 'sg');
  ec2.securityGroups.push({
    GroupId,
    GroupName: 'default',
    Description: 'default VPC security group',
    VpcId,
    OwnerId: accountId,
    IpPermissions: [permission({ UserIdGroupPairs: [{ GroupId, UserId: accountId }] })],
    IpPermissionsEgress: [permission({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] })],
    Tags: [],
  });
  return vpc;
}

/** All traffic, to or from the peers given. */
export function permission(peers: Partial<Ec2.IpPermission>): Ec2.IpPermission {
  return { IpProtocol: '-1', IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [], ...peers };
}

export function blocksOf(vpc: Ec2.Vpc): readonly string[] {
  return (vpc.CidrBlockAssociationSet ?? [])
    .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
    .flatMap(({ CidrBlock }) => CidrBlock ?? []);
}

/** The account's quota of VPCs per Region is raised, as on request (VPC Quotas): labs and tests make many. */
const CreateVpc: Operation<Ec2.CreateVpcRequest, Ec2.CreateVpcResult> = ({ region, account, random }, input) => {
  const cidr = requireBlock(input.CidrBlock, 'Vpc');
  const tags = tagsFor(input.TagSpecifications, 'vpc');
  return { Vpc: makeVpc(region.ec2, { accountId: account.id, cidr, isDefault: false, tags, random }) };
};

const DescribeVpcs: Operation<Ec2.DescribeVpcsRequest, Ec2.DescribeVpcsResult> = ({ region }, input) => {
  const { items, ...rest } = list(region.ec2.vpcs, input, {
    ids: input.VpcIds,
    idOf: ({ VpcId }) => VpcId,
    prefix: 'vpc',
    filters: {
      cidr: ({ CidrBlock }) => CidrBlock,
      'cidr-block': ({ CidrBlock }) => CidrBlock,
      'cidr-block-association.cidr-block': blocksOf,
      'dhcp-options-id': ({ DhcpOptionsId }) => DhcpOptionsId,
      'is-default': ({ IsDefault }) => IsDefault,
      isDefault: ({ IsDefault }) => IsDefault,
      'owner-id': ({ OwnerId }) => OwnerId,
      state: ({ State }) => State,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { Vpcs: items, ...rest };
};

const DeleteVpc: Operation<Ec2.DeleteVpcRequest, object> = (request, input) => {
  const { ec2 } = request.region;
  const { VpcId = '' } = requireVpc(request, input.VpcId);
  const inVpc = (item: { VpcId?: string | undefined }) => item.VpcId === VpcId;
  const inUse =
    ec2.subnets.some(inVpc) ||
    ec2.networkInterfaces.some(inVpc) ||
    ec2.internetGateways.some(({ Attachments }) => Attachments?.some(inVpc)) ||
    ec2.routeTables.some((table) => inVpc(table) && !table.Associations?.some(({ Main }) => Main)) ||
    ec2.securityGroups.some((group) => inVpc(group) && group.GroupName !== 'default') ||
    ec2.networkAcls.some((acl) => inVpc(acl) && !acl.IsDefault);
  if (inUse) throw dependencyViolation(`The vpc '${VpcId}'`);
  const others = <T extends { VpcId?: string | undefined }>(items: T[]) => items.filter((item) => !inVpc(item));
  ec2.vpcs = others(ec2.vpcs);
  ec2.routeTables = others(ec2.routeTables);
  ec2.securityGroups = others(ec2.securityGroups);
  ec2.networkAcls = others(ec2.networkAcls);
  const status = { Code: 'deleted' as const, Message: `Deleted by ${request.account.id}` };
  for (const peering of ec2.peeringConnections)
    if (
      [peering.RequesterVpcInfo?.VpcId, peering.AccepterVpcInfo?.VpcId].includes(VpcId) &&
      ['active', 'provisioning', 'pending-acceptance'].includes(peering.Status?.Code ?? '')
    )
      endPeering(ec2, peering, status, request.now);
  delete ec2.vpcAttributes[VpcId];
  return {};
};

const ModifyVpcAttribute: Operation<Ec2.ModifyVpcAttributeRequest, object> = (request, input) => {
  const { VpcId = '' } = requireVpc(request, input.VpcId);
  const attributes = request.region.ec2.vpcAttributes[VpcId];
  if (!attributes) return {};
  attributes.enableDnsSupport = input.EnableDnsSupport?.Value ?? attributes.enableDnsSupport;
  attributes.enableDnsHostnames = input.EnableDnsHostnames?.Value ?? attributes.enableDnsHostnames;
  return {};
};

const DescribeVpcAttribute: Operation<Ec2.DescribeVpcAttributeRequest, Ec2.DescribeVpcAttributeResult> = (
  request,
  input,
) => {
  const { VpcId = '' } = requireVpc(request, input.VpcId);
  const attributes = request.region.ec2.vpcAttributes[VpcId];
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId, EnableDnsSupport: { Value: attributes?.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId, EnableDnsHostnames: { Value: attributes?.enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId, EnableNetworkAddressUsageMetrics: { Value: false } };
    default:
      throw invalidValue('attribute', input.Attribute ?? '');
  }
};

export const vpcOperations: Operations = {
  CreateVpc,
  DescribeVpcs,
  DeleteVpc,
  ModifyVpcAttribute,
  DescribeVpcAttribute,
};
