/** EC2's slices: one describe call each, paged to its end within its bounds (EC2 API Reference, MaxResults). */
import {
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import type { FlowLog } from '../model/account.ts';
import type * as Model from '../model/network/topology.ts';
import type { Connection } from './connection.ts';
import * as shape from './ec2-shapes.ts';
import { allPages } from './pages.ts';

const MOST = 1000;
const MOST_ROUTE_TABLES = 100;

export async function readVpcs({ client }: Connection): Promise<Model.Vpc[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeVpcsCommand({ MaxResults: MOST, NextToken })),
    ({ Vpcs }) => Vpcs,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.vpc);
}

export async function readSubnets({ client }: Connection): Promise<Model.Subnet[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeSubnetsCommand({ MaxResults: MOST, NextToken })),
    ({ Subnets }) => Subnets,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.subnet);
}

export async function readRouteTables({ client }: Connection): Promise<Model.RouteTable[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeRouteTablesCommand({ MaxResults: MOST_ROUTE_TABLES, NextToken })),
    ({ RouteTables }) => RouteTables,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.routeTable);
}

export async function readInternetGateways({ client }: Connection): Promise<Model.InternetGateway[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeInternetGatewaysCommand({ MaxResults: MOST, NextToken })),
    ({ InternetGateways }) => InternetGateways,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.internetGateway);
}

export async function readNetworkAcls({ client }: Connection): Promise<Model.NetworkAcl[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeNetworkAclsCommand({ MaxResults: MOST, NextToken })),
    ({ NetworkAcls }) => NetworkAcls,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.networkAcl);
}

export async function readSecurityGroups({ client }: Connection): Promise<Model.SecurityGroup[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: MOST, NextToken })),
    ({ SecurityGroups }) => SecurityGroups,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.securityGroup);
}

export async function readNetworkInterfaces({ client }: Connection): Promise<Model.NetworkInterface[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: MOST, NextToken })),
    ({ NetworkInterfaces }) => NetworkInterfaces,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.networkInterface);
}

export async function readInstances({ client }: Connection): Promise<Model.Instance[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeInstancesCommand({ MaxResults: MOST, NextToken })),
    ({ Reservations }) => Reservations?.flatMap(({ Instances }) => Instances ?? []),
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.instance);
}

export async function readPeeringConnections({ client }: Connection): Promise<Model.PeeringConnection[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeVpcPeeringConnectionsCommand({ MaxResults: MOST, NextToken })),
    ({ VpcPeeringConnections }) => VpcPeeringConnections,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.peeringConnection);
}

export async function readFlowLogs({ client }: Connection): Promise<FlowLog[]> {
  const ec2 = await client('ec2');
  const items = await allPages(
    (NextToken) => ec2.send(new DescribeFlowLogsCommand({ MaxResults: MOST, NextToken })),
    ({ FlowLogs }) => FlowLogs,
    ({ NextToken }) => NextToken,
  );
  return items.map(shape.flowLog);
}
