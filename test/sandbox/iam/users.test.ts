/** IAM users, groups and keys through the SDK: IAM API Reference, each action's errors; IAM User Guide, quotas. */
import type { IAM } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { policy, trust } from '../lab-world.ts';

let sandbox: Served;
let iam: IAM;
beforeEach(async () => {
  sandbox = await serve();
  iam = sandbox.iam;
});
afterEach(() => sandbox.close());

const UserName = 'ada';
const GroupName = 'students';
const PolicyDocument = policy('logs:*');
const managed = 'arn:aws:iam::aws:policy/AmazonVPCReadOnlyAccess';
const AssumeRolePolicyDocument = trust('ec2.amazonaws.com');

describe('A user', () => {
  it('is told as it was made, and keeps its id and keys under a new name and path', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    const { User } = await iam.createUser({ UserName, Path: '/labs/', Tags, PermissionsBoundary: managed });
    expect(User).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:user/labs/ada',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      PermissionsBoundary: { PermissionsBoundaryArn: managed },
      Tags,
    });
    expect((await iam.getUser({ UserName })).User).toEqual(User);
    await iam.createAccessKey({ UserName });
    await iam.updateUser({ UserName, NewUserName: 'grace', NewPath: '/' });
    const renamed = there((await iam.getUser({ UserName: 'grace' })).User);
    expect(renamed).toMatchObject({ UserId: User?.UserId, Arn: 'arn:aws:iam::123456789012:user/grace' });
    expect((await iam.listAccessKeys({ UserName: 'grace' })).AccessKeyMetadata).toHaveLength(1);
    expect(await refusal(iam.getUser({ UserName }))).toMatchObject({ code: 'NoSuchEntityException', status: 404 });
    expect((await iam.listUsers({ PathPrefix: '/labs/' })).Users).toEqual([]);
  });

  it('is deleted last', async () => {
    await iam.createUser({ UserName });
    await iam.createGroup({ GroupName });
    await iam.addUserToGroup({ UserName, GroupName });
    await iam.attachUserPolicy({ UserName, PolicyArn: managed });
    await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument });
    const key = there((await iam.createAccessKey({ UserName })).AccessKey);
    const conflict = async (word: string) =>
      expect(await refusal(iam.deleteUser({ UserName }))).toMatchObject({
        code: 'DeleteConflictException',
        status: 409,
        message: expect.stringContaining(word),
      });
    expect(await refusal(iam.deleteGroup({ GroupName }))).toMatchObject({ code: 'DeleteConflictException' });
    await conflict('group');
    await iam.removeUserFromGroup({ UserName, GroupName });
    await conflict('detach');
    await iam.detachUserPolicy({ UserName, PolicyArn: managed });
    await conflict('delete policies');
    await iam.deleteUserPolicy({ UserName, PolicyName: 'own' });
    await conflict('access keys');
    await iam.deleteAccessKey({ UserName, AccessKeyId: key.AccessKeyId });
    await iam.deleteUser({ UserName });
    await iam.deleteGroup({ GroupName });
    expect(await iam.listUsers()).toMatchObject({ Users: [], IsTruncated: false });
  });
});

it('A group has its members page by page, and keeps them under a new name', async () => {
  await iam.createGroup({ GroupName, Path: '/labs/' });
  for (const name of ['c', 'a', 'b']) {
    await iam.createUser({ UserName: name });
    await iam.addUserToGroup({ UserName: name, GroupName });
  }
  await iam.addUserToGroup({ UserName: 'a', GroupName });
  await iam.updateGroup({ GroupName, NewGroupName: 'graduates' });
  const first = await iam.getGroup({ GroupName: 'graduates', MaxItems: 2 });
  expect(first).toMatchObject({ IsTruncated: true, Users: [{ UserName: 'a' }, { UserName: 'b' }] });
  const rest = await iam.getGroup({ GroupName: 'graduates', Marker: first.Marker });
  expect(rest).toMatchObject({ IsTruncated: false, Users: [{ UserName: 'c' }] });
  const { Groups } = await iam.listGroupsForUser({ UserName: 'c' });
  expect(Groups).toMatchObject([{ Arn: 'arn:aws:iam::123456789012:group/labs/graduates' }]);
});

it('A policy knows to whom it is attached, and whom it bounds', async () => {
  const { Policy } = await iam.createPolicy({ PolicyName: 'p', PolicyDocument });
  const PolicyArn = there(Policy?.Arn);
  await iam.createUser({ UserName, PermissionsBoundary: PolicyArn });
  await iam.createGroup({ GroupName });
  await iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument });
  await iam.attachGroupPolicy({ GroupName, PolicyArn });
  await iam.attachRolePolicy({ RoleName: 'r', PolicyArn });
  expect(await iam.listEntitiesForPolicy({ PolicyArn })).toMatchObject({
    PolicyGroups: [{ GroupName }],
    PolicyUsers: [{ UserName }],
    PolicyRoles: [{ RoleName: 'r' }],
    IsTruncated: false,
  });
  const bounds = await iam.listEntitiesForPolicy({ PolicyArn, PolicyUsageFilter: 'PermissionsBoundary' });
  expect(bounds).toMatchObject({ PolicyGroups: [], PolicyUsers: [{ UserName }], PolicyRoles: [] });
  const { Policies } = await iam.listPolicies({ OnlyAttached: true });
  expect(Policies).toMatchObject([{ Arn: PolicyArn, AttachmentCount: 2, PermissionsBoundaryUsageCount: 1 }]);
  const details = await iam.getAccountAuthorizationDetails({ Filter: ['User', 'LocalManagedPolicy'] });
  expect(details).toMatchObject({ UserDetailList: [{ UserName }], RoleDetailList: [], Policies: [{ Arn: PolicyArn }] });
  expect((await iam.getAccountSummary()).SummaryMap).toMatchObject({ Users: 1, Groups: 1, Roles: 1, Policies: 1 });
});

it('Tags are replaced by key, whatever its letters, and taken off', async () => {
  await iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument, Tags: [{ Key: 'lab', Value: '1' }] });
  await iam.tagRole({
    RoleName: 'r',
    Tags: [
      { Key: 'LAB', Value: '2' },
      { Key: 'team', Value: '' },
    ],
  });
  const { Tags } = await iam.listRoleTags({ RoleName: 'r' });
  expect(Tags).toEqual([
    { Key: 'LAB', Value: '2' },
    { Key: 'team', Value: '' },
  ]);
  await iam.untagRole({ RoleName: 'r', TagKeys: ['lab', 'nothing'] });
  expect((await iam.getRole({ RoleName: 'r' })).Role?.Tags).toEqual([{ Key: 'team', Value: '' }]);
});

it('A service-linked role is changed by its service only', async () => {
  const { Role } = await iam.createServiceLinkedRole({ AWSServiceName: 'ssm.amazonaws.com' });
  expect(Role?.Arn).toBe(
    'arn:aws:iam::123456789012:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM',
  );
  const RoleName = there(Role?.RoleName);
  for (const call of [
    iam.deleteRole({ RoleName }),
    iam.updateRole({ RoleName, Description: 'mine' }),
    iam.attachRolePolicy({ RoleName, PolicyArn: managed }),
    iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: AssumeRolePolicyDocument }),
  ])
    expect(await refusal(call)).toMatchObject({ code: 'UnmodifiableEntityException', status: 400 });
  const { DeletionTaskId } = await iam.deleteServiceLinkedRole({ RoleName });
  expect(await iam.getServiceLinkedRoleDeletionStatus({ DeletionTaskId })).toMatchObject({ Status: 'SUCCEEDED' });
});

it('The account has one alias, which no other account has', async () => {
  await iam.createAccountAlias({ AccountAlias: 'labproof-1' });
  await iam.createAccountAlias({ AccountAlias: 'labproof-2' });
  expect((await iam.listAccountAliases()).AccountAliases).toEqual(['labproof-2']);
  expect(await refusal(iam.deleteAccountAlias({ AccountAlias: 'labproof-1' }))).toMatchObject({ status: 404 });
  await iam.deleteAccountAlias({ AccountAlias: 'labproof-2' });
  expect((await iam.listAccountAliases()).AccountAliases).toEqual([]);
});

describe('IAM refuses', () => {
  const big = policy(...Array.from({ length: 400 }, (_, index) => `logs:PutLogEvents${index}`));
  it.each<[string, string, number, (c: IAM) => Promise<unknown>]>([
    ['a user twice, in other letters', 'EntityAlreadyExistsException', 409, (c) => c.createUser({ UserName: 'ADA' })],
    ['a name of 65 letters', 'ValidationError', 400, (c) => c.createUser({ UserName: 'a'.repeat(65) })],
    [
      'a third key',
      'LimitExceededException',
      409,
      async (c) => {
        for (let made = 0; made < 3; made += 1) await c.createAccessKey({ UserName });
      },
    ],
    [
      'a key of nobody',
      'NoSuchEntityException',
      404,
      (c) => c.deleteAccessKey({ UserName, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }),
    ],
    ['a member of no group', 'NoSuchEntityException', 404, (c) => c.removeUserFromGroup({ UserName, GroupName })],
    [
      'to detach what is not attached',
      'NoSuchEntityException',
      404,
      (c) => c.detachUserPolicy({ UserName, PolicyArn: managed }),
    ],
    [
      'an ARN of no policy',
      'InvalidInputException',
      400,
      (c) => c.attachUserPolicy({ UserName, PolicyArn: 'arn:aws:iam::aws:role/x' }),
    ],
    [
      'inline policies beyond 2048 bytes',
      'LimitExceededException',
      409,
      (c) => c.putUserPolicy({ UserName, PolicyName: 'p', PolicyDocument: big }),
    ],
    [
      'a managed policy beyond 6144 bytes',
      'LimitExceededException',
      409,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: big }),
    ],
    [
      'a boundary that is not there',
      'NoSuchEntityException',
      404,
      (c) => c.putUserPermissionsBoundary({ UserName, PermissionsBoundary: `${managed}X` }),
    ],
    ['to take away no boundary', 'NoSuchEntityException', 404, (c) => c.deleteUserPermissionsBoundary({ UserName })],
    [
      'a tag twice, in other letters',
      'InvalidInputException',
      400,
      (c) =>
        c.tagUser({
          UserName,
          Tags: [
            { Key: 'a', Value: '' },
            { Key: 'A', Value: '' },
          ],
        }),
    ],
    ['a tag of AWS', 'InvalidInputException', 400, (c) => c.tagUser({ UserName, Tags: [{ Key: 'aws:a', Value: '' }] })],
    [
      'a session of 13 hours',
      'ValidationError',
      400,
      (c) => c.createRole({ RoleName: 'r', AssumeRolePolicyDocument, MaxSessionDuration: 46_800 }),
    ],
    [
      'a role where AWS keeps its own',
      'ValidationError',
      400,
      (c) => c.createRole({ RoleName: 'r', AssumeRolePolicyDocument, Path: '/aws-service-role/' }),
    ],
    [
      'a service that is none',
      'InvalidInputException',
      400,
      (c) => c.createServiceLinkedRole({ AWSServiceName: 'lab.example.com' }),
    ],
  ])('%s', async (_what, code, status, call) => {
    await iam.createUser({ UserName });
    await iam.createGroup({ GroupName });
    expect(await refusal(call(iam))).toMatchObject({ code, status });
  });
});
