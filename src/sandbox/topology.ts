/** The sandbox's EC2 resources, which have the SDK's shapes, as the network model wants them. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type * as Model from '../model/network/topology.ts';
import { refreshRoutes } from './services/ec2/route-state.ts';
import type { Ec2State } from './world.ts';

const topologies = new WeakMap<Ec2State, Model.Topology>();

/** Made once, until the resources change: whoever changes them calls `forgetTopology`. */
export function topologyOf(ec2: Ec2State): Model.Topology {
  refreshRoutes(ec2);
  const known = topologies.get(ec2) ?? build(ec2);
  topologies.set(ec2, known);
  return known;
}

export function forgetTopology(ec2: Ec2State): void {
  topologies.delete(ec2);
}

function build(ec2: Ec2State): Model.Topology {
  return {
    vpcs: ec2.vpcs.map((vpc) => ({
      id: vpc.VpcId ?? '',
      cidrs: (vpc.CidrBlockAssociationSet ?? [])
        .filter((block) => block.CidrBlockState?.State === 'associated')
        .flatMap((block) => block.CidrBlock ?? []),
      isDefault: vpc.IsDefault ?? false,
      ownerId: vpc.OwnerId ?? '',
      tags: tagsOf(vpc.Tags),
    })),
    subnets: ec2.subnets.map((subnet) => ({
      id: subnet.SubnetId ?? '',
      vpcId: subnet.VpcId ?? '',
      cidr: subnet.CidrBlock ?? '',
      availabilityZone: subnet.AvailabilityZone ?? '',
      mapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch ?? false,
      ...blockOf(subnet.BlockPublicAccessStates?.InternetGatewayBlockMode),
      tags: tagsOf(subnet.Tags),
    })),
    routeTables: ec2.routeTables.map(routeTableOf),
    internetGateways: ec2.internetGateways.map((gateway) => ({
      id: gateway.InternetGatewayId ?? '',
      vpcIds: (gateway.Attachments ?? [])
        .filter(({ State }) => String(State) === 'available' || State === 'attached')
        .flatMap(({ VpcId }) => VpcId ?? []),
      tags: tagsOf(gateway.Tags),
    })),
    natGateways: ec2.natGateways.map((gateway) => ({
      id: gateway.NatGatewayId ?? '',
      vpcId: gateway.VpcId ?? '',
      subnetId: gateway.SubnetId ?? '',
      state: gateway.State ?? 'pending',
      networkInterfaceId: gateway.NatGatewayAddresses?.[0]?.NetworkInterfaceId ?? '',
      tags: tagsOf(gateway.Tags),
    })),
    prefixLists: ec2.prefixLists.map((list) => ({
      id: list.PrefixListId ?? '',
      name: list.PrefixListName ?? '',
      cidrs: list.Entries.flatMap(({ Cidr }) => Cidr ?? []),
    })),
    networkAcls: ec2.networkAcls.map((acl) => ({
      id: acl.NetworkAclId ?? '',
      vpcId: acl.VpcId ?? '',
      isDefault: acl.IsDefault ?? false,
      subnetIds: (acl.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
      entries: (acl.Entries ?? []).flatMap(aclEntryOf),
    })),
    securityGroups: ec2.securityGroups.map((group) => ({
      id: group.GroupId ?? '',
      name: group.GroupName ?? '',
      vpcId: group.VpcId ?? '',
      ingress: (group.IpPermissions ?? []).flatMap(rulesOf),
      egress: (group.IpPermissionsEgress ?? []).flatMap(rulesOf),
      tags: tagsOf(group.Tags),
    })),
    networkInterfaces: ec2.networkInterfaces.map(interfaceOf),
    instances: ec2.instances.map(instanceOf),
    peeringConnections: ec2.peeringConnections.map((peering) => ({
      id: peering.VpcPeeringConnectionId ?? '',
      status: peering.Status?.Code ?? 'failed',
      requester: sideOf(peering.RequesterVpcInfo),
      accepter: sideOf(peering.AccepterVpcInfo),
      tags: tagsOf(peering.Tags),
    })),
  };
}

function blockOf(mode: Ec2.BlockPublicAccessMode | undefined): Pick<Model.Subnet, 'internetGatewayBlock'> {
  return mode === undefined || mode === 'off' ? {} : { internetGatewayBlock: mode };
}

function tagsOf(tags: readonly Ec2.Tag[] | undefined): Model.Tags {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

function routeTableOf(table: Ec2.RouteTable): Model.RouteTable {
  const associations = table.Associations ?? [];
  return {
    id: table.RouteTableId ?? '',
    vpcId: table.VpcId ?? '',
    main: associations.some(({ Main }) => Main),
    subnetIds: associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    gatewayIds: associations.flatMap(({ GatewayId }) => GatewayId ?? []),
    routes: (table.Routes ?? []).flatMap((route) => {
      const destination = route.DestinationCidrBlock ?? route.DestinationPrefixListId;
      if (destination === undefined) return [];
      const propagated = route.Origin === 'EnableVgwRoutePropagation';
      return { destination, target: targetOf(route), state: route.State ?? 'active', propagated };
    }),
    tags: tagsOf(table.Tags),
  };
}

function targetOf(route: Ec2.Route): Model.RouteTarget {
  if (route.GatewayId === 'local') return { kind: 'local' };
  if (route.GatewayId?.startsWith('igw-')) return { kind: 'internet-gateway', id: route.GatewayId };
  if (route.VpcPeeringConnectionId) return { kind: 'peering', id: route.VpcPeeringConnectionId };
  if (route.NatGatewayId) return { kind: 'nat-gateway', id: route.NatGatewayId };
  if (route.NetworkInterfaceId) return { kind: 'network-interface', id: route.NetworkInterfaceId };
  return { kind: 'other', id: route.GatewayId ?? route.TransitGatewayId ?? route.InstanceId ?? '' };
}

function aclEntryOf(entry: Ec2.NetworkAclEntry): Model.NetworkAclEntry[] {
  if (entry.CidrBlock === undefined) return [];
  const { PortRange: ports, IcmpTypeCode: icmp } = entry;
  return [
    {
      ruleNumber: entry.RuleNumber ?? 0,
      egress: entry.Egress ?? false,
      action: entry.RuleAction ?? 'deny',
      protocol: entry.Protocol ?? '-1',
      cidr: entry.CidrBlock,
      ...(ports ? { ports: { from: ports.From ?? 0, to: ports.To ?? 65_535 } } : {}),
      ...(icmp ? { icmp: { type: icmp.Type ?? -1, code: icmp.Code ?? -1 } } : {}),
    },
  ];
}

function rulesOf(permission: Ec2.IpPermission): Model.SecurityGroupRule[] {
  const peers: Model.RulePeer[] = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => ({ kind: 'cidr' as const, cidr: CidrIp ?? '' })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ kind: 'cidr6' as const, cidr: CidrIpv6 ?? '' })),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => ({
      kind: 'prefix-list' as const,
      id: PrefixListId ?? '',
    })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
      kind: 'group' as const,
      groupId: pair.GroupId ?? '',
      ...(pair.UserId === undefined ? {} : { ownerId: pair.UserId }),
      ...(pair.VpcPeeringConnectionId === undefined ? {} : { peeringId: pair.VpcPeeringConnectionId }),
    })),
  ];
  return peers.map((peer) => ({
    protocol: permission.IpProtocol ?? '-1',
    ...(permission.FromPort === undefined ? {} : { fromPort: permission.FromPort }),
    ...(permission.ToPort === undefined ? {} : { toPort: permission.ToPort }),
    peer,
  }));
}

function interfaceOf(networkInterface: Ec2.NetworkInterface): Model.NetworkInterface {
  const instanceId = networkInterface.Attachment?.InstanceId;
  return {
    id: networkInterface.NetworkInterfaceId ?? '',
    vpcId: networkInterface.VpcId ?? '',
    subnetId: networkInterface.SubnetId ?? '',
    addresses: (networkInterface.PrivateIpAddresses ?? []).map((address) => {
      const publicIp = address.Association?.PublicIp;
      return {
        address: address.PrivateIpAddress ?? '',
        primary: address.Primary ?? false,
        ...(publicIp === undefined ? {} : { publicIp }),
      };
    }),
    groupIds: (networkInterface.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    sourceDestCheck: networkInterface.SourceDestCheck ?? true,
    ...(instanceId === undefined ? {} : { instanceId, deviceIndex: networkInterface.Attachment?.DeviceIndex ?? 0 }),
    attached: networkInterface.Status !== 'available',
  };
}

function instanceOf(instance: Ec2.Instance): Model.Instance {
  const { VpcId, SubnetId, PrivateIpAddress, PublicIpAddress, IamInstanceProfile } = instance;
  return {
    id: instance.InstanceId ?? '',
    state: instance.State?.Name ?? 'pending',
    ...(VpcId === undefined ? {} : { vpcId: VpcId }),
    ...(SubnetId === undefined ? {} : { subnetId: SubnetId }),
    ...(PrivateIpAddress === undefined ? {} : { privateIp: PrivateIpAddress }),
    ...(PublicIpAddress === undefined ? {} : { publicIp: PublicIpAddress }),
    networkInterfaceIds: (instance.NetworkInterfaces ?? []).flatMap(
      ({ NetworkInterfaceId }) => NetworkInterfaceId ?? [],
    ),
    ...(IamInstanceProfile?.Arn === undefined ? {} : { profileArn: IamInstanceProfile.Arn }),
    tags: tagsOf(instance.Tags),
  };
}

function sideOf(side: Ec2.VpcPeeringConnectionVpcInfo | undefined): Model.PeeringSide {
  const cidrs = side?.CidrBlockSet?.flatMap(({ CidrBlock }) => CidrBlock ?? []) ?? side?.CidrBlock;
  return {
    vpcId: side?.VpcId ?? '',
    ownerId: side?.OwnerId ?? '',
    ...(cidrs === undefined ? {} : { cidrs: typeof cidrs === 'string' ? [cidrs] : cidrs }),
    ...(side?.Region === undefined ? {} : { region: side.Region }),
  };
}
