/** EC2's answers as the model wants them. What AWS may leave out is left out; what the lab does not know is passed over. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { FlowLog } from '../model/account.ts';
import { DEFAULT_FORMAT } from '../model/flowlog/record.ts';
import type * as Model from '../model/network/topology.ts';

function tags(list: readonly Ec2.Tag[] | undefined): Model.Tags {
  return Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function vpc({
  VpcId = '',
  CidrBlock,
  CidrBlockAssociationSet,
  IsDefault,
  OwnerId = '',
  Tags,
}: Ec2.Vpc): Model.Vpc {
  const associated = (CidrBlockAssociationSet ?? [])
    .filter(({ CidrBlockState }) => (CidrBlockState?.State ?? 'associated') === 'associated')
    .flatMap((association) => association.CidrBlock ?? []);
  const cidrs = new Set([...(CidrBlock === undefined ? [] : [CidrBlock]), ...associated]);
  return { id: VpcId, cidrs: [...cidrs], isDefault: IsDefault ?? false, ownerId: OwnerId, tags: tags(Tags) };
}

export function subnet({
  SubnetId = '',
  VpcId = '',
  CidrBlock = '',
  AvailabilityZone = '',
  ...rest
}: Ec2.Subnet): Model.Subnet {
  const block = rest.BlockPublicAccessStates?.InternetGatewayBlockMode;
  return {
    id: SubnetId,
    vpcId: VpcId,
    cidr: CidrBlock,
    availabilityZone: AvailabilityZone,
    mapPublicIpOnLaunch: rest.MapPublicIpOnLaunch ?? false,
    ...(block !== undefined && block !== 'off' && { internetGatewayBlock: block }),
    tags: tags(rest.Tags),
  };
}

export function routeTable({
  RouteTableId = '',
  VpcId = '',
  Associations,
  Routes,
  Tags,
}: Ec2.RouteTable): Model.RouteTable {
  const associated = (Associations ?? []).filter(
    ({ AssociationState }) => (AssociationState?.State ?? 'associated') === 'associated',
  );
  return {
    id: RouteTableId,
    vpcId: VpcId,
    main: associated.some(({ Main }) => Main),
    subnetIds: associated.flatMap(({ SubnetId }) => SubnetId ?? []),
    gatewayIds: associated.flatMap(({ GatewayId }) => GatewayId ?? []),
    routes: (Routes ?? []).flatMap(route),
    tags: tags(Tags),
  };
}

function route(item: Ec2.Route): Model.Route[] {
  const destination = item.DestinationCidrBlock ?? item.DestinationPrefixListId;
  if (destination === undefined) return [];
  const propagated = item.Origin === 'EnableVgwRoutePropagation';
  return [{ destination, target: routeTarget(item), state: item.State ?? 'active', propagated }];
}

function routeTarget({
  GatewayId,
  VpcPeeringConnectionId,
  NatGatewayId,
  NetworkInterfaceId,
  ...rest
}: Ec2.Route): Model.RouteTarget {
  if (GatewayId === 'local') return { kind: 'local' };
  if (GatewayId?.startsWith('igw-')) return { kind: 'internet-gateway', id: GatewayId };
  if (VpcPeeringConnectionId) return { kind: 'peering', id: VpcPeeringConnectionId };
  if (NatGatewayId) return { kind: 'nat-gateway', id: NatGatewayId };
  if (NetworkInterfaceId) return { kind: 'network-interface', id: NetworkInterfaceId };
  const other =
    GatewayId ??
    rest.TransitGatewayId ??
    rest.InstanceId ??
    rest.LocalGatewayId ??
    rest.CarrierGatewayId ??
    rest.CoreNetworkArn;
  return { kind: 'other', id: other ?? 'unknown' };
}

export function internetGateway({
  InternetGatewayId = '',
  Attachments,
  Tags,
}: Ec2.InternetGateway): Model.InternetGateway {
  // EC2 says `available` for an internet gateway, which the SDK's type does not list.
  const attached = (Attachments ?? []).filter(({ State }) => ['available', 'attached'].includes(State ?? ''));
  return { id: InternetGatewayId, vpcIds: attached.flatMap(({ VpcId }) => VpcId ?? []), tags: tags(Tags) };
}

export function natGateway({ NatGatewayAddresses, ...rest }: Ec2.NatGateway): Model.NatGateway {
  const primary = NatGatewayAddresses?.find(({ IsPrimary }) => IsPrimary) ?? NatGatewayAddresses?.[0];
  return {
    id: rest.NatGatewayId ?? '',
    vpcId: rest.VpcId ?? '',
    subnetId: rest.SubnetId ?? '',
    state: rest.State ?? 'failed',
    networkInterfaceId: primary?.NetworkInterfaceId ?? '',
    tags: tags(rest.Tags),
  };
}

export function networkAcl({
  NetworkAclId = '',
  VpcId = '',
  IsDefault,
  Associations,
  Entries,
}: Ec2.NetworkAcl): Model.NetworkAcl {
  return {
    id: NetworkAclId,
    vpcId: VpcId,
    isDefault: IsDefault ?? false,
    subnetIds: (Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    entries: (Entries ?? []).flatMap(aclEntry),
  };
}

function aclEntry({
  CidrBlock,
  RuleNumber = 0,
  Egress,
  RuleAction,
  Protocol = '-1',
  PortRange,
  IcmpTypeCode,
}: Ec2.NetworkAclEntry): Model.NetworkAclEntry[] {
  if (CidrBlock === undefined) return [];
  return [
    {
      ruleNumber: RuleNumber,
      egress: Egress ?? false,
      action: RuleAction === 'allow' ? 'allow' : 'deny',
      protocol: Protocol,
      cidr: CidrBlock,
      ...(PortRange && { ports: { from: PortRange.From ?? 0, to: PortRange.To ?? 65_535 } }),
      ...(IcmpTypeCode && { icmp: { type: IcmpTypeCode.Type ?? -1, code: IcmpTypeCode.Code ?? -1 } }),
    },
  ];
}

export function securityGroup({
  GroupId = '',
  GroupName = '',
  VpcId = '',
  ...rest
}: Ec2.SecurityGroup): Model.SecurityGroup {
  return {
    id: GroupId,
    name: GroupName,
    vpcId: VpcId,
    ingress: (rest.IpPermissions ?? []).flatMap(rules),
    egress: (rest.IpPermissionsEgress ?? []).flatMap(rules),
    tags: tags(rest.Tags),
  };
}

function rules({ IpProtocol = '-1', FromPort, ToPort, ...sources }: Ec2.IpPermission): Model.SecurityGroupRule[] {
  const peers: Model.RulePeer[] = [
    ...(sources.IpRanges ?? []).map(({ CidrIp = '' }) => ({ kind: 'cidr' as const, cidr: CidrIp })),
    ...(sources.Ipv6Ranges ?? []).map(({ CidrIpv6 = '' }) => ({ kind: 'cidr6' as const, cidr: CidrIpv6 })),
    ...(sources.PrefixListIds ?? []).map(({ PrefixListId = '' }) => ({
      kind: 'prefix-list' as const,
      id: PrefixListId,
    })),
    ...(sources.UserIdGroupPairs ?? []).map(({ GroupId = '', UserId, VpcPeeringConnectionId }) => ({
      kind: 'group' as const,
      groupId: GroupId,
      ...(UserId !== undefined && { ownerId: UserId }),
      ...(VpcPeeringConnectionId !== undefined && { peeringId: VpcPeeringConnectionId }),
    })),
  ];
  const ports = {
    ...(FromPort !== undefined && { fromPort: FromPort }),
    ...(ToPort !== undefined && { toPort: ToPort }),
  };
  return peers.map((peer) => ({ protocol: IpProtocol, ...ports, peer }));
}

export function networkInterface({
  NetworkInterfaceId = '',
  VpcId = '',
  SubnetId = '',
  ...rest
}: Ec2.NetworkInterface): Model.NetworkInterface {
  const instanceId = rest.Attachment?.InstanceId;
  return {
    id: NetworkInterfaceId,
    vpcId: VpcId,
    subnetId: SubnetId,
    addresses: (rest.PrivateIpAddresses ?? []).map(({ PrivateIpAddress = '', Primary, Association }) => ({
      address: PrivateIpAddress,
      primary: Primary ?? false,
      ...(Association?.PublicIp !== undefined && { publicIp: Association.PublicIp }),
    })),
    groupIds: (rest.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    sourceDestCheck: rest.SourceDestCheck ?? true,
    ...(instanceId !== undefined && { instanceId, deviceIndex: rest.Attachment?.DeviceIndex ?? 0 }),
    attached: rest.Status !== 'available',
  };
}

export function instance({ InstanceId = '', State, ...rest }: Ec2.Instance): Model.Instance {
  return {
    id: InstanceId,
    state: State?.Name ?? 'pending',
    ...(rest.VpcId !== undefined && { vpcId: rest.VpcId }),
    ...(rest.SubnetId !== undefined && { subnetId: rest.SubnetId }),
    ...(rest.PrivateIpAddress && { privateIp: rest.PrivateIpAddress }),
    ...(rest.PublicIpAddress && { publicIp: rest.PublicIpAddress }),
    networkInterfaceIds: (rest.NetworkInterfaces ?? []).flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []),
    ...(rest.IamInstanceProfile?.Arn !== undefined && { profileArn: rest.IamInstanceProfile.Arn }),
    ...(rest.LaunchTime !== undefined && { launchedAt: rest.LaunchTime.getTime() }),
    tags: tags(rest.Tags),
  };
}

export function peeringConnection(item: Ec2.VpcPeeringConnection): Model.PeeringConnection {
  return {
    id: item.VpcPeeringConnectionId ?? '',
    status: item.Status?.Code ?? 'failed',
    requester: side(item.RequesterVpcInfo),
    accepter: side(item.AccepterVpcInfo),
    tags: tags(item.Tags),
  };
}

/** The accepter of a pending request, and both sides of a deleted one, come without blocks. */
function side(info: Ec2.VpcPeeringConnectionVpcInfo | undefined): Model.PeeringSide {
  const listed = info?.CidrBlockSet?.flatMap(({ CidrBlock }) => CidrBlock ?? []) ?? [];
  const cidrs = listed.length > 0 ? listed : info?.CidrBlock === undefined ? undefined : [info.CidrBlock];
  return {
    vpcId: info?.VpcId ?? '',
    ownerId: info?.OwnerId ?? '',
    ...(cidrs && { cidrs }),
    ...(info?.Region !== undefined && { region: info.Region }),
  };
}

export function flowLog(item: Ec2.FlowLog): FlowLog {
  const destinationType = item.LogDestinationType ?? 'cloud-watch-logs';
  const logGroupName = item.LogGroupName ?? item.LogDestination?.split(':log-group:')[1]?.replace(/:\*$/, '');
  const { DeliverLogsStatus: status, DeliverLogsErrorMessage: problem, DeliverLogsPermissionArn: roleArn } = item;
  return {
    id: item.FlowLogId ?? '',
    resourceId: item.ResourceId ?? '',
    trafficType: item.TrafficType ?? 'ALL',
    status: item.FlowLogStatus ?? '',
    ...((status === 'SUCCESS' || status === 'FAILED') && { deliverStatus: status }),
    ...(problem !== undefined && { deliverError: problem }),
    ...(roleArn !== undefined && { roleArn }),
    destinationType,
    ...(logGroupName !== undefined && { logGroupName }),
    ...(item.LogDestination !== undefined && { logDestination: item.LogDestination }),
    format: item.LogFormat ?? DEFAULT_FORMAT,
    maxAggregationSeconds: item.MaxAggregationInterval ?? 600,
    createdAt: item.CreationTime?.getTime() ?? 0,
    tags: tags(item.Tags),
  };
}
