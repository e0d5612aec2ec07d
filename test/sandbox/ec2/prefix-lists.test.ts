/** Customer-managed prefix lists (VPC User Guide, "Managed prefix lists"; EC2 API Reference, ModifyManagedPrefixList). */
import type { CreateManagedPrefixListRequest, ModifyManagedPrefixListRequest } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
beforeAll(async () => {
  sandbox = await serve();
});
afterAll(() => sandbox.close());

const two = [{ Cidr: '10.1.0.0/16', Description: 'office' }, { Cidr: '10.2.0.9/24' }];
const plan = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 3, Entries: two };

async function create(more: Partial<CreateManagedPrefixListRequest> = {}) {
  const { PrefixList } = await sandbox.ec2.createManagedPrefixList({ ...plan, ...more });
  return there(PrefixList?.PrefixListId);
}

const describeOne = async (id: string) =>
  there((await sandbox.ec2.describeManagedPrefixLists({ PrefixListIds: [id] })).PrefixLists?.[0]);

const cidrs = async (PrefixListId: string) =>
  (await sandbox.ec2.getManagedPrefixListEntries({ PrefixListId })).Entries?.map(({ Cidr }) => Cidr);

describe('A prefix list', () => {
  it('is made with its entries and tags, and found by its name', async () => {
    const TagSpecifications = [{ ResourceType: 'prefix-list' as const, Tags: [{ Key: 'a', Value: 'b' }] }];
    const id = await create({ PrefixListName: 'mine', TagSpecifications });
    const Filters = [{ Name: 'prefix-list-name', Values: ['mi*'] }];
    expect((await sandbox.ec2.describeManagedPrefixLists({ Filters })).PrefixLists).toEqual([
      {
        PrefixListId: id,
        PrefixListArn: expect.stringMatching(/^arn:aws:ec2:us-east-1:\d{12}:prefix-list\/pl-/),
        PrefixListName: 'mine',
        AddressFamily: 'IPv4',
        MaxEntries: 3,
        Version: 1,
        State: 'create-complete',
        OwnerId: expect.stringMatching(/^\d{12}$/),
        Tags: [{ Key: 'a', Value: 'b' }],
      },
    ]);
    const { Entries } = await sandbox.ec2.getManagedPrefixListEntries({ PrefixListId: id });
    expect(Entries).toEqual([{ Cidr: '10.1.0.0/16', Description: 'office' }, { Cidr: '10.2.0.0/24' }]);
  });

  it('gets a new version with each change of its entries, and only then', async () => {
    const id = await create();
    const change = (input: Omit<ModifyManagedPrefixListRequest, 'PrefixListId'>) =>
      sandbox.ec2.modifyManagedPrefixList({ PrefixListId: id, ...input });
    await change({
      CurrentVersion: 1,
      AddEntries: [{ Cidr: '10.3.0.0/16' }],
      RemoveEntries: [{ Cidr: '10.1.0.0/16' }],
    });
    expect(await cidrs(id)).toEqual(['10.2.0.0/24', '10.3.0.0/16']);
    await change({ PrefixListName: 'renamed' });
    await change({ MaxEntries: 2 });
    expect(await describeOne(id)).toMatchObject({ Version: 2, PrefixListName: 'renamed', MaxEntries: 2 });
    expect(await refusal(change({ CurrentVersion: 1, AddEntries: [{ Cidr: '10.4.0.0/16' }] }))).toMatchObject({
      code: 'PrefixListVersionMismatch',
    });
  });

  it('has entries of its address family', async () => {
    const id = await create({ AddressFamily: 'IPv6', Entries: [{ Cidr: '2001:db8:0:0::1/32' }] });
    expect(await cidrs(id)).toEqual(['2001:db8::/32']);
  });

  it('shows its entries page by page, one at least and a hundred at most', async () => {
    const Entries = Array.from({ length: 100 }, (_, index) => ({ Cidr: `10.0.${index}.0/24` }));
    const PrefixListId = await create({ MaxEntries: 1000, Entries });
    const first = await sandbox.ec2.getManagedPrefixListEntries({ PrefixListId, MaxResults: 1 });
    expect(first.Entries).toHaveLength(1);
    const { NextToken } = first;
    const rest = await sandbox.ec2.getManagedPrefixListEntries({ PrefixListId, MaxResults: 100, NextToken });
    expect([rest.Entries?.length, rest.NextToken]).toEqual([99, undefined]);
    for (const MaxResults of [0, 101])
      expect(await refusal(sandbox.ec2.getManagedPrefixListEntries({ PrefixListId, MaxResults }))).toMatchObject({
        code: 'InvalidParameterValue',
      });
  });

  it.each<readonly [what: string, code: string, more: Partial<CreateManagedPrefixListRequest>]>([
    ['with no room for its entries', 'PrefixListMaxEntriesExceeded', { MaxEntries: 1 }],
    ['without room', 'InvalidParameterValue', { MaxEntries: 0 }],
    ['with too much room', 'InvalidParameterValue', { MaxEntries: 1001 }],
    ['of no family', 'InvalidParameterValue', { AddressFamily: 'ipv4' }],
    ["with an AWS-managed one's name", 'InvalidParameterValue', { PrefixListName: 'com.amazonaws.s3' }],
    ['with a block of the other family', 'InvalidParameterValue', { Entries: [{ Cidr: '2001:db8::/32' }] }],
    ['with one block twice', 'InvalidParameterValue', { Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '10.9.0.0/8' }] }],
  ])('%s is refused', async (_what, code, more) => {
    expect(await refusal(create(more))).toMatchObject({ code, status: 400 });
  });

  it.each<readonly [what: string, code: string, change: Omit<ModifyManagedPrefixListRequest, 'PrefixListId'>]>([
    [
      'size and entries at once',
      'InvalidParameterCombination',
      { MaxEntries: 9, AddEntries: [{ Cidr: '10.4.0.0/16' }] },
    ],
    [
      'more entries than it may have',
      'PrefixListMaxEntriesExceeded',
      { AddEntries: [{ Cidr: '10.4.0.0/16' }, { Cidr: '10.5.0.0/16' }] },
    ],
    ['fewer than it has', 'PrefixListMaxEntriesExceeded', { MaxEntries: 1 }],
    ['an entry less that is not there', 'InvalidPrefixListModification', { RemoveEntries: [{ Cidr: '10.9.0.0/16' }] }],
  ])('%s: a change that is refused and changes nothing', async (_what, code, change) => {
    const id = await create();
    const call = sandbox.ec2.modifyManagedPrefixList({ PrefixListId: id, PrefixListName: 'other', ...change });
    expect(await refusal(call)).toMatchObject({ code });
    expect(await describeOne(id)).toMatchObject({ Version: 1, PrefixListName: 'offices', MaxEntries: 3 });
  });

  it('stays while a security group rule names it', async () => {
    const { ec2 } = sandbox;
    const id = await create();
    const { Vpcs } = await ec2.describeVpcs();
    const VpcId = there(Vpcs?.[0]?.VpcId);
    const { GroupId } = await ec2.createSecurityGroup({ GroupName: 'by-list', Description: 'by list', VpcId });
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: id }] }];
    await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
    await ec2.deleteManagedPrefixList({ PrefixListId: id });
    expect(await describeOne(id)).toMatchObject({ State: 'delete-failed' });
    await ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
    const { PrefixList } = await ec2.deleteManagedPrefixList({ PrefixListId: id });
    expect(PrefixList).toMatchObject({ State: 'delete-in-progress' });
    const gone = { code: 'InvalidPrefixListID.NotFound' };
    expect(await refusal(describeOne(id))).toMatchObject(gone);
    expect(await refusal(ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions }))).toMatchObject(gone);
  });
});
