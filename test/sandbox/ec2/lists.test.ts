/** Describe calls: ids, filters, pages, tags (EC2 API Reference; EC2 User Guide, "Filter your resources"). */
import { paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
const made: string[] = [];
beforeAll(async () => {
  sandbox = await serve();
  for (const name of ['NextWork-1', 'NextWork-2', 'other'])
    made.push(
      there(
        (
          await sandbox.ec2.createVpc({
            CidrBlock: `10.${made.length}.0.0/16`,
            TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: name }] }],
          })
        ).Vpc?.VpcId,
      ),
    );
});
afterAll(() => sandbox.close());

describe('Filters', () => {
  it.each([
    ['tag:Name', ['NextWork-*'], [0, 1]],
    ['tag:Name', ['NextWork-?', 'other'], [0, 1, 2]],
    ['tag:Name', ['nextwork-1'], []],
    ['tag:name', ['NextWork-1'], []],
    ['tag-key', ['Name'], [0, 1, 2]],
    ['cidr', ['10.1.0.0/16'], [1]],
    ['is-default', ['false'], [0, 1, 2]],
    ['tag:Name', ['.*'], []],
    ['tag:Name', ['NextWork-\\*'], []],
    ['tag-value', ['\\o*'], [2]],
  ])('%s = %j', async (Name, Values, expected) => {
    const { Vpcs = [] } = await sandbox.ec2.describeVpcs({ Filters: [{ Name, Values }] });
    expect(Vpcs.map(({ VpcId = '' }) => made.indexOf(VpcId)).toSorted()).toEqual(expected);
  });

  it('must all fit', async () => {
    const Filters = [
      { Name: 'tag:Name', Values: ['NextWork-*'] },
      { Name: 'cidr', Values: ['10.1.0.0/16', '10.2.0.0/16'] },
    ];
    const { Vpcs } = await sandbox.ec2.describeVpcs({ Filters });
    expect(Vpcs?.map(({ VpcId }) => VpcId)).toEqual([made[1]]);
  });

  it('find the main table of one VPC', async () => {
    const Filters = [
      { Name: 'vpc-id', Values: [there(made[0])] },
      { Name: 'association.main', Values: ['true'] },
    ];
    const { RouteTables } = await sandbox.ec2.describeRouteTables({ Filters });
    expect(RouteTables).toMatchObject([{ VpcId: made[0], Associations: [{ Main: true }] }]);
  });
});

describe('Pages', () => {
  beforeAll(async () => {
    for (let index = 0; index < 9; index += 1)
      await sandbox.ec2.createSecurityGroup({ GroupName: `g${index}`, Description: 'one of many', VpcId: made[0] });
  });

  it('show everything once', async () => {
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    const sizes: number[] = [];
    do {
      const page = await sandbox.ec2.describeSecurityGroups({ MaxResults: 5, ...(NextToken && { NextToken }) });
      sizes.push(page.SecurityGroups?.length ?? 0);
      seen.push(...(page.SecurityGroups ?? []).map(({ GroupId }) => GroupId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([5, 5, 3]);
    expect(new Set(seen).size).toBe(13);
  });

  it('are walked by the SDK', async () => {
    const seen: string[] = [];
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: sandbox.ec2, pageSize: 5 }, {}))
      seen.push(...Vpcs.map(({ VpcId = '' }) => VpcId));
    expect(seen).toEqual(expect.arrayContaining(made));
  });

  it.each([
    ['VPCs', 4, 1001, (MaxResults: number) => sandbox.ec2.describeVpcs({ MaxResults })],
    ['route tables', 4, 101, (MaxResults: number) => sandbox.ec2.describeRouteTables({ MaxResults })],
    ['subnets', 4, 1001, (MaxResults: number) => sandbox.ec2.describeSubnets({ MaxResults })],
  ])('of %s have neither %i nor %i entries', async (_what, few, many, ask) => {
    for (const size of [few, many])
      expect(await refusal(ask(size))).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
    await ask(few + 1);
    await ask(many - 1);
  });

  it('a token of nobody is refused', async () => {
    const call = sandbox.ec2.describeVpcs({ MaxResults: 5, NextToken: 'eyJ2Ijoi' });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidNextToken' });
  });

  it('of instances go with no ids', async () => {
    const call = sandbox.ec2.describeInstances({ MaxResults: 5, InstanceIds: ['i-1'] });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidParameterCombination' });
  });
});

describe('Tags', () => {
  it('are given, changed, told and taken', async () => {
    const { ec2 } = sandbox;
    const id = there(made[2]);
    const ask = async () => {
      const { Tags = [] } = await ec2.describeTags({ Filters: [{ Name: 'resource-id', Values: [id] }] });
      return Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value]));
    };
    await ec2.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'new' }, { Key: 'empty' }] });
    expect(await ask()).toEqual({ Name: 'new', empty: '' });
    await ec2.deleteTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'old' }] });
    expect(await ask()).toEqual({ Name: 'new', empty: '' });
    await ec2.deleteTags({ Resources: [id], Tags: [{ Key: 'Name' }] });
    expect(await ask()).toEqual({ empty: '' });
  });

  it('are given to all resources or to none', async () => {
    const [one = ''] = made;
    const call = sandbox.ec2.createTags({
      Resources: [one, 'vpc-0123456789abcdef0'],
      Tags: [{ Key: 'half', Value: '1' }],
    });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidVpcID.NotFound' });
    const { Vpcs } = await sandbox.ec2.describeVpcs({ Filters: [{ Name: 'tag-key', Values: ['half'] }] });
    expect(Vpcs).toEqual([]);
  });
});

describe('A new account', () => {
  it.each([
    ['us-east-1', 6],
    ['eu-west-1', 3],
  ])('has the default VPC in %s', async (region, zones) => {
    const { EC2 } = await import('@aws-sdk/client-ec2');
    const credentials = { accessKeyId: '999988887777', secretAccessKey: 'test' };
    const ec2 = new EC2({ endpoint: sandbox.url, region, credentials });
    const { Vpcs } = await ec2.describeVpcs();
    expect(Vpcs).toMatchObject([{ CidrBlock: '172.31.0.0/16', IsDefault: true, OwnerId: '999988887777' }]);
    const { Subnets = [] } = await ec2.describeSubnets();
    expect(Subnets).toHaveLength(zones);
    expect(new Set(Subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size).toBe(zones);
    expect(Subnets[1]).toMatchObject({ CidrBlock: '172.31.16.0/20', MapPublicIpOnLaunch: true, DefaultForAz: true });
    const { RouteTables } = await ec2.describeRouteTables();
    expect(RouteTables?.[0]?.Routes).toMatchObject([
      { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local', State: 'active' },
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: expect.stringMatching(/^igw-/), State: 'active' },
    ]);
  });
});
