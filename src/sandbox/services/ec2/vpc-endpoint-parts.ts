/** What a VPC endpoint puts into the VPC: routes to a prefix list (gateway), or network interfaces (interface). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { pick } from '../../ids.ts';
import { AwsError, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { requireOne, requireRouteTable, requireSubnet } from './common.ts';
import { makeInterface, namesOf, removeInterface } from './interfaces.ts';
import { lend } from './requester-managed.ts';
import { chooseAddresses } from './subnet-addresses.ts';

export function prefixListOf(ec2: Ec2State, serviceName: string | undefined): string | undefined {
  return ec2.prefixLists.find(({ PrefixListName }) => PrefixListName === serviceName)?.PrefixListId;
}

/** Route tables that may get the endpoint's route. @throws AwsError as AWS refuses them. */
export function requireTables(
  request: Request,
  { VpcId, ServiceName }: Ec2.VpcEndpoint,
  ids: readonly string[],
): readonly Ec2.RouteTable[] {
  const prefixList = prefixListOf(request.region.ec2, ServiceName);
  return ids.map((id) => {
    const table = requireRouteTable(request, id);
    if (table.VpcId !== VpcId)
      throw new AwsError('InvalidParameter', `Route table ${id} and network ${VpcId} belong to different networks`);
    if (table.Routes?.some(({ DestinationPrefixListId }) => DestinationPrefixListId === prefixList))
      throw new AwsError(
        'RouteAlreadyExists',
        `route table ${id} already has a route with destination-prefix-list-id ${prefixList}`,
      );
    return table;
  });
}

export function addRoutes(ec2: Ec2State, endpoint: Ec2.VpcEndpoint, tables: readonly Ec2.RouteTable[]): void {
  const DestinationPrefixListId = prefixListOf(ec2, endpoint.ServiceName);
  for (const table of tables)
    table.Routes = [
      ...(table.Routes ?? []),
      { DestinationPrefixListId, GatewayId: endpoint.VpcEndpointId, Origin: 'CreateRoute', State: 'active' },
    ];
  endpoint.RouteTableIds = [...(endpoint.RouteTableIds ?? []), ...tables.flatMap((each) => each.RouteTableId ?? [])];
}

export function removeRoutes(ec2: Ec2State, endpoint: Ec2.VpcEndpoint, ids: readonly string[]): void {
  for (const table of ec2.routeTables)
    if (ids.includes(table.RouteTableId ?? ''))
      table.Routes = table.Routes?.filter(({ GatewayId }) => GatewayId !== endpoint.VpcEndpointId);
  endpoint.RouteTableIds = endpoint.RouteTableIds?.filter((id) => !ids.includes(id));
}

/** One subnet a zone (AWS PrivateLink Guide, "Considerations"). @param present Those that the endpoint has already. */
export function requireSubnets(
  request: Request,
  vpcId: string | undefined,
  ids: readonly string[],
  present: readonly string[] = [],
): readonly Ec2.Subnet[] {
  const zones = new Set(present.map((id) => requireSubnet(request, id).AvailabilityZone));
  return ids.map((id) => {
    const subnet = requireSubnet(request, id);
    if (subnet.VpcId !== vpcId)
      throw new AwsError('InvalidParameter', `Subnet ${id} and network ${vpcId} belong to different networks`);
    if (zones.has(subnet.AvailabilityZone))
      throw new AwsError(
        'DuplicateSubnetsInSameZone',
        `Found another VPC endpoint subnet in the availability zone of ${id}`,
      );
    zones.add(subnet.AvailabilityZone);
    return subnet;
  });
}

/** The groups by their ids; the VPC's default group where none is named. */
export function requireGroups(
  { region: { ec2 } }: Request,
  vpcId: string | undefined,
  ids: readonly string[],
): readonly Ec2.SecurityGroup[] {
  const inVpc = ec2.securityGroups.filter(({ VpcId }) => VpcId === vpcId);
  if (ids.length === 0) return inVpc.filter(({ GroupName }) => GroupName === 'default');
  return ids.map((id) => requireOne(inVpc, ({ GroupId }) => GroupId, id, 'sg'));
}

export function addInterfaces(
  { region, regionName, now, random }: Request,
  endpoint: Ec2.VpcEndpoint,
  subnets: readonly Ec2.Subnet[],
): void {
  const groups = region.ec2.securityGroups.filter(({ GroupId }) =>
    endpoint.Groups?.some((group) => group.GroupId === GroupId),
  );
  const made = subnets.map((subnet) => {
    const addresses = chooseAddresses(region.ec2, subnet, {}, random);
    const description = `VPC Endpoint Interface ${endpoint.VpcEndpointId}`;
    const plan = { subnet, groups, addresses, description, tags: [], regionName, random };
    return lend(makeInterface(region.ec2, plan), 'vpc_endpoint', { now, random }).NetworkInterfaceId ?? '';
  });
  endpoint.NetworkInterfaceIds = [...(endpoint.NetworkInterfaceIds ?? []), ...made];
  endpoint.SubnetIds = [...(endpoint.SubnetIds ?? []), ...subnets.flatMap(({ SubnetId }) => SubnetId ?? [])];
}

export function removeInterfaces(ec2: Ec2State, endpoint: Ec2.VpcEndpoint, subnetIds: readonly string[]): void {
  const gone = ec2.networkInterfaces.filter(
    ({ NetworkInterfaceId = '', SubnetId = '' }) =>
      endpoint.NetworkInterfaceIds?.includes(NetworkInterfaceId) && subnetIds.includes(SubnetId),
  );
  for (const networkInterface of gone) removeInterface(ec2, networkInterface);
  const goneIds = gone.map(({ NetworkInterfaceId }) => NetworkInterfaceId);
  endpoint.NetworkInterfaceIds = endpoint.NetworkInterfaceIds?.filter((id) => !goneIds.includes(id));
  endpoint.SubnetIds = endpoint.SubnetIds?.filter((id) => !subnetIds.includes(id));
}

/** Its interfaces are in the same groups as itself. */
export function setGroups(ec2: Ec2State, endpoint: Ec2.VpcEndpoint, groups: readonly Ec2.SecurityGroup[]): void {
  endpoint.Groups = namesOf(groups);
  for (const networkInterface of ec2.networkInterfaces)
    if (endpoint.NetworkInterfaceIds?.includes(networkInterface.NetworkInterfaceId ?? ''))
      networkInterface.Groups = namesOf(groups);
}

/** The endpoint's own names: one for all zones, one a zone; and the service's usual name where private DNS is on. */
export function dnsEntries(
  endpoint: Ec2.VpcEndpoint,
  service: Ec2.ServiceDetail,
  subnets: readonly Ec2.Subnet[],
  random: () => number,
): Ec2.DnsEntry[] {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const word = (length: number) => Array.from({ length }, () => letters.charAt(pick(random, letters.length))).join('');
  const HostedZoneId = `Z${word(13).toUpperCase()}`;
  const name = `${endpoint.VpcEndpointId}-${word(8)}`;
  const domain = service.BaseEndpointDnsNames?.[0] ?? '';
  return [
    { DnsName: `${name}.${domain}`, HostedZoneId },
    ...subnets.map(({ AvailabilityZone }) => ({ DnsName: `${name}-${AvailabilityZone}.${domain}`, HostedZoneId })),
    ...(endpoint.PrivateDnsEnabled
      ? [{ DnsName: service.PrivateDnsName, HostedZoneId: `Z${word(13).toUpperCase()}` }]
      : []),
  ];
}
