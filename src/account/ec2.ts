/** EC2's slices: one describe call each, paged to its end within its bounds (EC2 API Reference, MaxResults). */
import {
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import type { PrefixList } from '../model/network/topology.ts';
import type { Connection } from './connection.ts';
import * as shape from './ec2-shapes.ts';
import { allPages } from './pages.ts';

interface PageInput {
  readonly MaxResults: number;
  readonly NextToken: string | undefined;
}

const MOST = 1000;
const MOST_ROUTE_TABLES = 100;
const MOST_PREFIX_LISTS = 100;

/** A slice from one describe call: how a page is asked for, what is in it, and how an item becomes the model's. */
function slice<Page extends { NextToken?: string | undefined }, Item, Shape>(
  call: (ec2: EC2Client, page: PageInput) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  shapeOf: (item: Item) => Shape,
  MaxResults = MOST,
): (connection: Connection) => Promise<Shape[]> {
  return async ({ client }) => {
    const ec2 = await client('ec2');
    const items = await allPages(
      (NextToken) => call(ec2, { MaxResults, NextToken }),
      itemsOf,
      (page) => page.NextToken,
    );
    return items.map(shapeOf);
  };
}

export const readVpcs = slice(
  (ec2, page) => ec2.send(new DescribeVpcsCommand(page)),
  ({ Vpcs }) => Vpcs,
  shape.vpc,
);

export const readSubnets = slice(
  (ec2, page) => ec2.send(new DescribeSubnetsCommand(page)),
  ({ Subnets }) => Subnets,
  shape.subnet,
);

export const readRouteTables = slice(
  (ec2, page) => ec2.send(new DescribeRouteTablesCommand(page)),
  ({ RouteTables }) => RouteTables,
  shape.routeTable,
  MOST_ROUTE_TABLES,
);

export const readInternetGateways = slice(
  (ec2, page) => ec2.send(new DescribeInternetGatewaysCommand(page)),
  ({ InternetGateways }) => InternetGateways,
  shape.internetGateway,
);

export const readNatGateways = slice(
  (ec2, page) => ec2.send(new DescribeNatGatewaysCommand(page)),
  ({ NatGateways }) => NatGateways,
  shape.natGateway,
);

/** Customer-managed lists: what AWS's own lists hold decides nothing between the addresses of a network. */
export async function readPrefixLists({ client }: Connection): Promise<PrefixList[]> {
  const ec2 = await client('ec2');
  const lists = await allPages(
    (NextToken) => ec2.send(new DescribeManagedPrefixListsCommand({ MaxResults: MOST_PREFIX_LISTS, NextToken })),
    ({ PrefixLists }) => PrefixLists,
    (page) => page.NextToken,
  );
  const own = lists.filter(({ OwnerId }) => OwnerId !== 'AWS');
  return Promise.all(
    own.map(async ({ PrefixListId = '', PrefixListName = '' }) => {
      const entries = await allPages(
        (NextToken) =>
          ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: MOST_PREFIX_LISTS, NextToken })),
        ({ Entries }) => Entries,
        (page) => page.NextToken,
      );
      return { id: PrefixListId, name: PrefixListName, cidrs: entries.flatMap(({ Cidr }) => Cidr ?? []) };
    }),
  );
}

export const readNetworkAcls = slice(
  (ec2, page) => ec2.send(new DescribeNetworkAclsCommand(page)),
  ({ NetworkAcls }) => NetworkAcls,
  shape.networkAcl,
);

export const readSecurityGroups = slice(
  (ec2, page) => ec2.send(new DescribeSecurityGroupsCommand(page)),
  ({ SecurityGroups }) => SecurityGroups,
  shape.securityGroup,
);

export const readNetworkInterfaces = slice(
  (ec2, page) => ec2.send(new DescribeNetworkInterfacesCommand(page)),
  ({ NetworkInterfaces }) => NetworkInterfaces,
  shape.networkInterface,
);

export const readInstances = slice(
  (ec2, page) => ec2.send(new DescribeInstancesCommand(page)),
  ({ Reservations }) => Reservations?.flatMap(({ Instances }) => Instances ?? []),
  shape.instance,
);

export const readPeeringConnections = slice(
  (ec2, page) => ec2.send(new DescribeVpcPeeringConnectionsCommand(page)),
  ({ VpcPeeringConnections }) => VpcPeeringConnections,
  shape.peeringConnection,
);

export const readFlowLogs = slice(
  (ec2, page) => ec2.send(new DescribeFlowLogsCommand(page)),
  ({ FlowLogs }) => FlowLogs,
  shape.flowLog,
);
