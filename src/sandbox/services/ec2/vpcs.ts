/** VPCs, with what AWS makes along with each: main route table, default network ACL, default security group. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { blockPublicAccessStates } from './block-public-access.ts';
import { requireBlock } from './cidr-blocks.ts';
import { dependencyViolation, invalidValue, list, notFound, requireVpc } from './common.ts';
import { defaultDhcpOptions } from './dhcp-options.ts';
import { addBlock6, amazonBlock, blocks6Of } from './ipv6-blocks.ts';
import { endBoth } from './peering-sides.ts';
import { tagsFor } from './tag-rules.ts';

export interface VpcPlan {
  readonly accountId: string;
  readonly regionName: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly tenancy?: Ec2.Tenancy;
  readonly tags: Ec2.Tag[];
  readonly random: () => number;
}

const LAST_RULE = 32767;

export function makeVpc(
  ec2: Ec2State,
  { accountId, regionName, cidr, isDefault, tenancy, tags, random }: VpcPlan,
): Ec2.Vpc {
  const VpcId = resourceId(random, 'vpc');
  const vpc: Ec2.Vpc = {
    VpcId,
    BlockPublicAccessStates: blockPublicAccessStates(ec2),
    CidrBlock: cidr,
    CidrBlockAssociationSet: [
      { AssociationId: resourceId(random, 'vpc-cidr-assoc'), CidrBlock: cidr, CidrBlockState: { State: 'associated' } },
    ],
    DhcpOptionsId: defaultDhcpOptions(ec2, { accountId, regionName, random }),
    InstanceTenancy: tenancy ?? 'default',
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
const CreateVpc: Operation<Ec2.CreateVpcRequest, Ec2.CreateVpcResult> = (request, input) => {
  const { region, regionName, account, random } = request;
  // The account has no IPAM and no addresses of its own.
  const poolId = input.Ipv4IpamPoolId ?? input.Ipv6IpamPoolId;
  if (poolId !== undefined) throw notFound('ipam-pool', poolId);
  if (input.Ipv6Pool !== undefined) throw invalidValue('ipv6Pool', input.Ipv6Pool);
  const cidr = requireBlock(input.CidrBlock, 'Vpc');
  const tenancy = input.InstanceTenancy ?? 'default';
  if (tenancy !== 'default' && tenancy !== 'dedicated') throw invalidValue('instanceTenancy', tenancy);
  const tags = tagsFor(input.TagSpecifications, 'vpc');
  const plan = { accountId: account.id, regionName, cidr, isDefault: false, tenancy, tags, random };
  const vpc = makeVpc(region.ec2, plan);
  if (input.AmazonProvidedIpv6CidrBlock) addBlock6(region.ec2, vpc, amazonBlock(regionName, random));
  // Seen in AWS's answers: a new VPC is pending, and its IPv6 block associating; the next answer shows both done.
  const Ipv6CidrBlockAssociationSet = (vpc.Ipv6CidrBlockAssociationSet ?? []).map(beingAssociated);
  return { Vpc: { ...vpc, State: 'pending', Ipv6CidrBlockAssociationSet } };
};

function beingAssociated(association: Ec2.VpcIpv6CidrBlockAssociation): Ec2.VpcIpv6CidrBlockAssociation {
  return { ...association, Ipv6CidrBlockState: { State: 'associating' } };
}

const DescribeVpcs: Operation<Ec2.DescribeVpcsRequest, Ec2.DescribeVpcsResult> = ({ region }, input) => {
  const associations = ({ CidrBlockAssociationSet }: Ec2.Vpc) => CidrBlockAssociationSet ?? [];
  const associations6 = ({ Ipv6CidrBlockAssociationSet }: Ec2.Vpc) => Ipv6CidrBlockAssociationSet ?? [];
  const { items, ...rest } = list(region.ec2.vpcs, input, {
    ids: input.VpcIds,
    idOf: ({ VpcId }) => VpcId,
    prefix: 'vpc',
    filters: {
      cidr: ({ CidrBlock }) => CidrBlock,
      'cidr-block': ({ CidrBlock }) => CidrBlock,
      'cidr-block-association.association-id': (vpc) => associations(vpc).map(({ AssociationId }) => AssociationId),
      'cidr-block-association.cidr-block': blocksOf,
      'cidr-block-association.state': (vpc) => associations(vpc).map(({ CidrBlockState }) => CidrBlockState?.State),
      'dhcp-options-id': ({ DhcpOptionsId }) => DhcpOptionsId,
      'ipv6-cidr-block-association.association-id': (vpc) =>
        associations6(vpc).map(({ AssociationId }) => AssociationId),
      'ipv6-cidr-block-association.ipv6-cidr-block': blocks6Of,
      'ipv6-cidr-block-association.ipv6-pool': (vpc) => associations6(vpc).map(({ Ipv6Pool }) => Ipv6Pool),
      'ipv6-cidr-block-association.state': (vpc) =>
        associations6(vpc).map(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State),
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
    ec2.vpcEndpoints.some(inVpc) ||
    ec2.internetGateways.some(({ Attachments }) => Attachments?.some(inVpc)) ||
    ec2.egressOnlyInternetGateways.some(({ Attachments }) => Attachments?.some(inVpc)) ||
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
      endBoth(request, peering, status);
  delete ec2.vpcAttributes[VpcId];
  return {};
};

export const vpcOperations: Operations = { CreateVpc, DescribeVpcs, DeleteVpc };
