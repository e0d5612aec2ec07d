/** Subnets. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { pick, resourceId } from '../../ids.ts';
import { type Zone, zonesOf } from '../../regions.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { blockPublicAccessStates } from './block-public-access.ts';
import { anyOverlap, isWithin, requireBlock, usableAddresses } from './cidr-blocks.ts';
import { dependencyViolation, invalidValue, list, requireSubnet, requireVpc } from './common.ts';
import { associate6, requireFreeBlock6 } from './subnet-ipv6-blocks.ts';
import { tagsFor } from './tag-rules.ts';
import { blocksOf } from './vpcs.ts';

export interface SubnetPlan {
  readonly vpc: Ec2.Vpc;
  readonly cidr: string;
  readonly zone: Zone;
  readonly isDefault: boolean;
  readonly regionName: string;
  readonly tags: Ec2.Tag[];
  readonly random: () => number;
}

export function makeSubnet(
  ec2: Ec2State,
  { vpc, cidr, zone, isDefault, regionName, tags, random }: SubnetPlan,
): Ec2.Subnet {
  const SubnetId = resourceId(random, 'subnet');
  const subnet: Ec2.Subnet = {
    SubnetId,
    SubnetArn: `arn:aws:ec2:${regionName}:${vpc.OwnerId}:subnet/${SubnetId}`,
    VpcId: vpc.VpcId,
    OwnerId: vpc.OwnerId,
    CidrBlock: cidr,
    AvailabilityZone: zone.name,
    AvailabilityZoneId: zone.id,
    AvailableIpAddressCount: usableAddresses(cidr),
    AssignIpv6AddressOnCreation: false,
    BlockPublicAccessStates: blockPublicAccessStates(ec2),
    DefaultForAz: isDefault,
    EnableDns64: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    MapCustomerOwnedIpOnLaunch: false,
    MapPublicIpOnLaunch: isDefault,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    State: 'available',
    Tags: tags,
  };
  ec2.subnets.push(subnet);
  const acl = ec2.networkAcls.find(({ VpcId, IsDefault }) => VpcId === vpc.VpcId && IsDefault);
  acl?.Associations?.push({
    NetworkAclAssociationId: resourceId(random, 'aclassoc'),
    NetworkAclId: acl.NetworkAclId,
    SubnetId,
  });
  return subnet;
}

const CreateSubnet: Operation<Ec2.CreateSubnetRequest, Ec2.CreateSubnetResult> = (request, input) => {
  const { region, regionName, random } = request;
  const vpc = requireVpc(request, input.VpcId);
  const cidr = requireBlock(input.CidrBlock, 'Subnet');
  if (!blocksOf(vpc).some((block) => isWithin(cidr, block)))
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${input.CidrBlock}' is invalid.`);
  const siblings = region.ec2.subnets.filter(({ VpcId }) => VpcId === vpc.VpcId);
  if (
    anyOverlap(
      [cidr],
      siblings.flatMap(({ CidrBlock }) => CidrBlock ?? []),
    )
  )
    throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${input.CidrBlock}' conflicts with another subnet`);
  const zones = zonesOf(regionName);
  const named = zones.find(({ name, id }) => name === input.AvailabilityZone || id === input.AvailabilityZoneId);
  const asked = input.AvailabilityZone ?? input.AvailabilityZoneId;
  const zone = named ?? (asked === undefined ? zones[pick(random, zones.length)] : undefined);
  if (!zone)
    throw invalidValue(
      'availabilityZone',
      asked ?? '',
      'Subnets can only be created in the availability zones of this Region.',
    );
  const tags = tagsFor(input.TagSpecifications, 'subnet');
  const cidr6 = input.Ipv6CidrBlock === undefined ? undefined : requireFreeBlock6(request, vpc, input.Ipv6CidrBlock);
  const subnet = makeSubnet(region.ec2, { vpc, cidr, zone, isDefault: false, regionName, tags, random });
  if (cidr6 !== undefined) associate6(subnet, cidr6, random);
  return { Subnet: subnet };
};

const DescribeSubnets: Operation<Ec2.DescribeSubnetsRequest, Ec2.DescribeSubnetsResult> = ({ region }, input) => {
  const blocks6 = ({ Ipv6CidrBlockAssociationSet }: Ec2.Subnet) => Ipv6CidrBlockAssociationSet ?? [];
  const { items, ...rest } = list(region.ec2.subnets, input, {
    ids: input.SubnetIds,
    idOf: ({ SubnetId }) => SubnetId,
    prefix: 'subnet',
    filters: {
      'assign-ipv6-address-on-creation': ({ AssignIpv6AddressOnCreation }) => AssignIpv6AddressOnCreation,
      'available-ip-address-count': ({ AvailableIpAddressCount }) => AvailableIpAddressCount,
      availabilityZone: ({ AvailabilityZone }) => AvailabilityZone,
      availabilityZoneId: ({ AvailabilityZoneId }) => AvailabilityZoneId,
      'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
      'availability-zone-id': ({ AvailabilityZoneId }) => AvailabilityZoneId,
      cidr: ({ CidrBlock }) => CidrBlock,
      cidrBlock: ({ CidrBlock }) => CidrBlock,
      'cidr-block': ({ CidrBlock }) => CidrBlock,
      defaultForAz: ({ DefaultForAz }) => DefaultForAz,
      'default-for-az': ({ DefaultForAz }) => DefaultForAz,
      'ipv6-cidr-block-association.association-id': (subnet) =>
        blocks6(subnet).map(({ AssociationId }) => AssociationId),
      'ipv6-cidr-block-association.ipv6-cidr-block': (subnet) =>
        blocks6(subnet).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
      'ipv6-cidr-block-association.state': (subnet) =>
        blocks6(subnet).map(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State),
      'ipv6-native': ({ Ipv6Native }) => Ipv6Native,
      'map-public-ip-on-launch': ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch,
      'owner-id': ({ OwnerId }) => OwnerId,
      'private-dns-name-options-on-launch.hostname-type': ({ PrivateDnsNameOptionsOnLaunch }) =>
        PrivateDnsNameOptionsOnLaunch?.HostnameType,
      state: ({ State }) => State,
      'subnet-arn': ({ SubnetArn }) => SubnetArn,
      'subnet-id': ({ SubnetId }) => SubnetId,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { Subnets: items, ...rest };
};

const DeleteSubnet: Operation<Ec2.DeleteSubnetRequest, object> = (request, input) => {
  const { ec2 } = request.region;
  const subnet = requireSubnet(request, input.SubnetId);
  if (ec2.networkInterfaces.some(({ SubnetId }) => SubnetId === subnet.SubnetId))
    throw dependencyViolation(`The subnet '${subnet.SubnetId}'`);
  ec2.subnets = ec2.subnets.filter((each) => each !== subnet);
  const elsewhere = ({ SubnetId }: { SubnetId?: string | undefined }) => SubnetId !== subnet.SubnetId;
  for (const table of ec2.routeTables) table.Associations = table.Associations?.filter(elsewhere);
  for (const acl of ec2.networkAcls) acl.Associations = acl.Associations?.filter(elsewhere);
  return {};
};

export const subnetOperations: Operations = { CreateSubnet, DescribeSubnets, DeleteSubnet };
