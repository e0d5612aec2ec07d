/** Lists over several pages, each asked once and to its end; and what AWS's answers mean in the model's words. */
import { describe, expect, test } from 'vitest';
import type { SliceName } from '../../src/model/account.ts';
import { account, value } from './recorded.ts';
import { ec2Page, json, type Recorded } from './stub.ts';

const vpcItem = (id: string) => `<item><vpcId>${id}</vpcId><cidrBlock>10.1.0.0/16</cidrBlock></item>`;

describe('pages', () => {
  test('are followed to the last, past an empty one', async () => {
    const { reader, stub } = await account({
      DescribeVpcs: [
        ec2Page('DescribeVpcs', `<vpcSet>${vpcItem('vpc-a')}</vpcSet>`, 'two'),
        ec2Page('DescribeVpcs', '<vpcSet/>', 'three'),
        ec2Page('DescribeVpcs', `<vpcSet>${vpcItem('vpc-b')}</vpcSet>`),
      ],
    });
    expect(value(await reader.read('vpcs')).map(({ id }) => id)).toEqual(['vpc-a', 'vpc-b']);
    expect(stub.asked.map(({ input }) => input.NextToken)).toEqual([undefined, 'two', 'three']);
  });

  test('of log events may be empty and still have a token', async () => {
    const event = { logStreamName: 'eni-1-all', timestamp: 5, message: '2 1 eni-1 10.1.0.1 10.2.0.1 0 0 1' };
    const { reader, stub } = await account({
      FilterLogEvents: [
        json({ events: [], nextToken: 'b' }),
        json({ events: [], nextToken: 'c' }),
        json({ events: [event] }),
      ],
    });
    const events = await reader.ask({ kind: 'logEvents', logGroup: 'group', anyOf: ['10.2.0.1', '54.1.2.3'] });
    expect(value(events)).toEqual([{ stream: 'eni-1-all', at: 5, message: event.message }]);
    expect(stub.asked.length).toBe(3);
    expect(stub.asked[0]?.input.filterPattern).toBe('?"10.2.0.1" ?"54.1.2.3"');
  });

  test('that repeat their token end', async () => {
    const { reader, stub } = await account({ DescribeLogGroups: [json({ logGroups: [], nextToken: 'again' })] });
    expect(value(await reader.read('logGroups'))).toEqual([]);
    expect(stub.asked.length).toBe(2);
  });

  test('of IAM go on by marker', async () => {
    const page = (name: string, more: string) => ({
      body: `<ListRolesResponse><ListRolesResult><Roles><member><RoleName>${name}</RoleName><Arn>arn:aws:iam::1:role/${name}</Arn><AssumeRolePolicyDocument>%7B%22a%22%3A%22%2541%22%7D</AssumeRolePolicyDocument></member></Roles>${more}</ListRolesResult></ListRolesResponse>`,
    });
    const { reader, stub } = await account({
      ListRoles: [
        page('one', '<IsTruncated>true</IsTruncated><Marker>m</Marker>'),
        page('two', '<IsTruncated>false</IsTruncated>'),
      ],
    });
    const roles = value(await reader.read('roles'));
    expect(roles.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(roles[0]?.trustPolicy).toBe('{"a":"%41"}');
    expect(stub.asked[1]?.input.Marker).toBe('m');
  });

  // EC2, CloudWatch Logs, IAM and SSM API References: the bounds of each call's page size.
  test.each<[SliceName, string, string, string, number]>([
    ['vpcs', 'DescribeVpcs', 'vpcSet', 'MaxResults', 1000],
    ['subnets', 'DescribeSubnets', 'subnetSet', 'MaxResults', 1000],
    ['routeTables', 'DescribeRouteTables', 'routeTableSet', 'MaxResults', 100],
    ['internetGateways', 'DescribeInternetGateways', 'internetGatewaySet', 'MaxResults', 1000],
    ['natGateways', 'DescribeNatGateways', 'natGatewaySet', 'MaxResults', 1000],
    ['prefixLists', 'DescribeManagedPrefixLists', 'prefixListSet', 'MaxResults', 100],
    ['networkAcls', 'DescribeNetworkAcls', 'networkAclSet', 'MaxResults', 1000],
    ['securityGroups', 'DescribeSecurityGroups', 'securityGroupInfo', 'MaxResults', 1000],
    ['networkInterfaces', 'DescribeNetworkInterfaces', 'networkInterfaceSet', 'MaxResults', 1000],
    ['instances', 'DescribeInstances', 'reservationSet', 'MaxResults', 1000],
    ['peeringConnections', 'DescribeVpcPeeringConnections', 'vpcPeeringConnectionSet', 'MaxResults', 1000],
    ['flowLogs', 'DescribeFlowLogs', 'flowLogSet', 'MaxResults', 1000],
  ])('of %s have a size that EC2 takes', async (slice, operation, set, parameter, most) => {
    const { reader, stub } = await account({ [operation]: [ec2Page(operation, `<${set}/>`)] });
    expect(value(await reader.read(slice))).toEqual([]);
    const size = Number(stub.asked[0]?.input[parameter]);
    expect(size).toBeGreaterThanOrEqual(5);
    expect(size).toBeLessThanOrEqual(most);
  });

  test.each<[SliceName, string, string, string]>([
    ['logGroups', 'DescribeLogGroups', 'logGroups', 'limit'],
    ['managedInstances', 'DescribeInstanceInformation', 'InstanceInformationList', 'MaxResults'],
  ])('of %s hold at most fifty', async (slice, operation, list, parameter) => {
    const { reader, stub } = await account({ [operation]: [json({ [list]: [] })] });
    expect(value(await reader.read(slice))).toEqual([]);
    expect(Number(stub.asked[0]?.input[parameter])).toBeLessThanOrEqual(50);
  });
});

describe('what the lists hold', () => {
  test("RT6 a route table is a subnet's while their association is associated, and R5 a gateway's by an edge association", async () => {
    const association = (of: string, state: string) =>
      `<item>${of}<associationState><state>${state}</state></associationState></item>`;
    const associations = [
      association('<subnetId>subnet-a</subnetId>', 'associated'),
      association('<subnetId>subnet-b</subnetId>', 'disassociating'),
      association('<subnetId>subnet-c</subnetId>', 'failed'),
      association('<gatewayId>igw-a</gatewayId>', 'associated'),
    ].join('');
    const table = `<item><routeTableId>rtb-a</routeTableId><vpcId>vpc-a</vpcId><associationSet>${associations}</associationSet></item>`;
    const { reader } = await account({
      DescribeRouteTables: [ec2Page('DescribeRouteTables', `<routeTableSet>${table}</routeTableSet>`)],
    });
    expect(value(await reader.read('routeTables'))).toMatchObject([
      { id: 'rtb-a', main: false, subnetIds: ['subnet-a'], gatewayIds: ['igw-a'] },
    ]);
  });

  test('a NAT gateway is read with the interface of its primary address', async () => {
    const address = (eni: string, primary: boolean) =>
      `<item><networkInterfaceId>${eni}</networkInterfaceId><isPrimary>${primary}</isPrimary></item>`;
    const gateway = `<item><natGatewayId>nat-a</natGatewayId><vpcId>vpc-a</vpcId><subnetId>subnet-a</subnetId><state>available</state><connectivityType>public</connectivityType><natGatewayAddressSet>${address('eni-b', false)}${address('eni-a', true)}</natGatewayAddressSet></item>`;
    const { reader } = await account({
      DescribeNatGateways: [ec2Page('DescribeNatGateways', `<natGatewaySet>${gateway}</natGatewaySet>`)],
    });
    expect(value(await reader.read('natGateways'))).toMatchObject([
      { id: 'nat-a', subnetId: 'subnet-a', state: 'available', networkInterfaceId: 'eni-a' },
    ]);
  });

  test("the entries of the account's own prefix lists are read, and not those of AWS's", async () => {
    const list = (id: string, owner: string) =>
      `<item><prefixListId>${id}</prefixListId><prefixListName>${id} name</prefixListName><ownerId>${owner}</ownerId></item>`;
    const { reader, stub } = await account({
      DescribeManagedPrefixLists: [
        ec2Page(
          'DescribeManagedPrefixLists',
          `<prefixListSet>${list('pl-s3', 'AWS')}${list('pl-a', '123456789012')}</prefixListSet>`,
        ),
      ],
      GetManagedPrefixListEntries: [
        ec2Page('GetManagedPrefixListEntries', '<entrySet><item><cidr>10.2.0.0/16</cidr></item></entrySet>'),
      ],
    });
    expect(value(await reader.read('prefixLists'))).toEqual([
      { id: 'pl-a', name: 'pl-a name', cidrs: ['10.2.0.0/16'] },
    ]);
    expect(stub.asked.map(({ operation, input }) => `${operation} ${input.PrefixListId ?? ''}`)).toEqual([
      'DescribeManagedPrefixLists ',
      'GetManagedPrefixListEntries pl-a',
    ]);
  });
});

describe('nothing is asked twice', () => {
  test('neither a slice', async () => {
    const { reader, stub } = await account({ DescribeVpcs: [ec2Page('DescribeVpcs', '<vpcSet/>')] });
    await Promise.all([reader.read('vpcs'), reader.read('vpcs')]);
    await reader.read('vpcs');
    expect(stub.asked.length).toBe(1);
    expect(reader.calls()).toEqual({ total: 1, byOperation: { 'ec2:DescribeVpcs': 1 } });
  });

  test('nor a question, while another one is another', async () => {
    const { reader, stub } = await account({ DescribeLogStreams: [json({ logStreams: [] })] });
    await reader.ask({ kind: 'logStreams', logGroup: 'a' });
    await reader.ask({ kind: 'logStreams', logGroup: 'a' });
    await reader.ask({ kind: 'logStreams', logGroup: 'b' });
    expect(stub.asked.map(({ input }) => input.logGroupName)).toEqual(['a', 'b']);
  });

  test('nor what could not be read', async () => {
    const { reader, stub } = await account({
      DescribeLogGroups: [{ status: 400, body: '{"__type":"AccessDeniedException"}' }],
    });
    expect((await reader.read('logGroups')).ok).toBe(false);
    expect((await reader.read('logGroups')).ok).toBe(false);
    expect(stub.asked.length).toBe(1);
  });

  test('and nothing at all before the first question', async () => {
    const { reader, stub } = await account({});
    expect(reader.calls()).toEqual({ total: 0, byOperation: {} });
    expect(stub.asked).toEqual([]);
  });
});

test("the clock is the cloud's, from the Date of its newest answer", async () => {
  const at = (date: string): Recorded => ({ ...ec2Page('DescribeVpcs', '<vpcSet/>'), headers: { date } });
  const { reader } = await account({
    DescribeVpcs: [at('Mon, 23 Nov 2026 10:00:00 GMT')],
    DescribeSubnets: [
      { ...ec2Page('DescribeSubnets', '<subnetSet/>'), headers: { date: 'Mon, 23 Nov 2026 11:30:00 GMT' } },
    ],
  });
  await reader.read('vpcs');
  expect(reader.now() - Date.UTC(2026, 10, 23, 10)).toBeLessThan(5000);
  await reader.read('subnets');
  const since = reader.now() - Date.UTC(2026, 10, 23, 11, 30);
  expect(since).toBeGreaterThanOrEqual(0);
  expect(since).toBeLessThan(5000);
});
