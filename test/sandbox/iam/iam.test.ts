/** IAM through the SDK: IAM API Reference, each action's errors; IAM User Guide, quotas and versions. */
import type { IAM } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profileAllowsSsm } from '../../../src/sandbox/services/iam/effective.ts';
import { refusal, type Served, serve, there } from '../clients.ts';
import { policy, trust } from '../lab-world.ts';

let sandbox: Served;
let iam: IAM;
beforeEach(async () => {
  sandbox = await serve();
  iam = sandbox.iam;
});
afterEach(() => sandbox.close());

const RoleName = 'flow-logs';
const PolicyDocument = policy('logs:PutLogEvents');
const AssumeRolePolicyDocument = trust('vpc-flow-logs.amazonaws.com');
/** One statement that allows, as a document. */
function allow(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}
const managed = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';

async function makeRole() {
  return there((await iam.createRole({ RoleName, AssumeRolePolicyDocument })).Role);
}

async function makePolicy() {
  return there((await iam.createPolicy({ PolicyName: 'write', PolicyDocument })).Policy?.Arn);
}

describe('A role', () => {
  it('is told as it was made, its document URL-encoded by RFC 3986', async () => {
    const document = AssumeRolePolicyDocument.replace('"Statement"', '"Id":"it\'s (*) !","Statement"');
    const Tags = [{ Key: 'lab', Value: 'VPC peering' }];
    const made = await iam.createRole({ RoleName, AssumeRolePolicyDocument: document, Path: '/labs/', Tags });
    const { Role } = await iam.getRole({ RoleName });
    expect(Role).toEqual({ ...made.Role, RoleLastUsed: {} });
    expect(Role).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:role/labs/flow-logs',
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      CreateDate: new Date('2026-11-23T10:00:00Z'),
      MaxSessionDuration: 3600,
      Tags,
    });
    expect(Role?.AssumeRolePolicyDocument).toMatch(/^[\w.~%-]+$/);
    expect(decodeURIComponent(there(Role?.AssumeRolePolicyDocument))).toBe(document);
  });

  it('is listed page by page, by name', async () => {
    for (const name of ['c', 'a', 'b']) await iam.createRole({ RoleName: name, AssumeRolePolicyDocument });
    const first = await iam.listRoles({ MaxItems: 2 });
    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: 'a' }, { RoleName: 'b' }] });
    const { Marker } = first;
    expect(await iam.listRoles({ Marker })).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'c' }] });
  });

  it('is deleted last', async () => {
    await makeRole();
    const PolicyArn = await makePolicy();
    const InstanceProfileName = 'hosts';
    await iam.attachRolePolicy({ RoleName, PolicyArn });
    await iam.putRolePolicy({ RoleName, PolicyName: 'inline', PolicyDocument });
    await iam.createInstanceProfile({ InstanceProfileName });
    await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });

    const deleting = () => refusal(iam.deleteRole({ RoleName }));
    const conflict = { code: 'DeleteConflictException', status: 409 };
    expect(await deleting()).toMatchObject({ ...conflict, message: expect.stringContaining('instance profile') });
    expect(await refusal(iam.deleteInstanceProfile({ InstanceProfileName }))).toMatchObject(conflict);
    await iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName });
    await iam.deleteInstanceProfile({ InstanceProfileName });
    expect(await deleting()).toMatchObject({ ...conflict, message: expect.stringContaining('detach') });
    expect(await refusal(iam.deletePolicy({ PolicyArn }))).toMatchObject(conflict);
    await iam.detachRolePolicy({ RoleName, PolicyArn });
    await iam.deletePolicy({ PolicyArn });
    expect(await deleting()).toMatchObject({ ...conflict, message: expect.stringContaining('delete policies') });
    await iam.deleteRolePolicy({ RoleName, PolicyName: 'inline' });
    await iam.deleteRole({ RoleName });
    expect((await iam.listRoles()).Roles).toEqual([]);
  });
});

describe('A trust policy', () => {
  const HOME = '123456789012';
  const AWAY = '999999999999';
  const naming = (Principal: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } });

  it.each<[string, object]>([
    ['"AWS":"arn:aws:iam::123456789012:user/nobody"', { AWS: `arn:aws:iam::${HOME}:user/nobody` }],
    ['"AWS":"arn:aws:iam::123456789012:role/nobody"', { AWS: [HOME, `arn:aws:iam::${HOME}:role/nobody`] }],
    // Of its name, but not under its path.
    ['"AWS":"arn:aws:iam::123456789012:user/ada"', { AWS: `arn:aws:iam::${HOME}:user/ada` }],
    ['"SERVICE":"vpc-flow-log.amazonaws.com"', { Service: 'vpc-flow-log.amazonaws.com' }],
    ['"SERVICE":"vpcflowlogs.amazonaws.com"', { Service: 'vpcflowlogs.amazonaws.com' }],
    ['"SERVICE":"ec3.amazonaws.com"', { Service: ['ec2.amazonaws.com', 'ec3.amazonaws.com'] }],
    ['"SERVICE":"lamda.us-east-1.amazonaws.com"', { Service: 'lamda.us-east-1.amazonaws.com' }],
    ['"SERVICE":"codepipeiine.amazonaws.com"', { Service: 'codepipeiine.amazonaws.com' }],
    ['"SERVICE":"ec2.amazon.com"', { Service: 'ec2.amazon.com' }],
    ['"SERVICE":"amazonaws.com"', { Service: 'amazonaws.com' }],
  ])('is refused for %s', async (named, principal) => {
    await iam.createUser({ UserName: 'ada', Path: '/labs/' });
    await makeRole();
    const refused = {
      code: 'MalformedPolicyDocumentException',
      status: 400,
      message: `Invalid principal in policy: ${named}`,
    };
    const document = naming(principal);
    expect(await refusal(iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument: document }))).toEqual(refused);
    expect(await refusal(iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: document }))).toEqual(refused);
  });

  it.each<[string, object]>([
    ['a user', { AWS: `arn:aws:iam::${HOME}:user/labs/ada` }],
    ['the role itself', { AWS: `arn:aws:iam::${HOME}:role/${RoleName}` }],
    ['everyone', { AWS: '*' }],
    ['any account', { AWS: ['111111111111', 'arn:aws:iam::222222222222:root'] }],
    ['who may be in an account that nobody used yet', { AWS: `arn:aws:iam::${AWAY}:user/x` }],
    ['a session', { AWS: `arn:aws:sts::${HOME}:assumed-role/x/y` }],
    ['services', { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com', 'logs.us-east-1.amazonaws.com'] }],
    ['services elsewhere', { Service: ['ec2.amazonaws.com.cn', 'x.aws.internal', 'alexa-appkit.amazon.com'] }],
    ['a service that may be new', { Service: 'brand-new-thing.amazonaws.com' }],
  ])('may name %s', async (_what, principal) => {
    await iam.createUser({ UserName: 'ada', Path: '/labs/' });
    await makeRole();
    await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: naming(principal) });
  });

  it('goes on naming a user under a new name, and shows the id of one who is deleted', async () => {
    const { User } = await iam.createUser({ UserName: 'ada' });
    const document = naming({ AWS: [HOME, there(User?.Arn)] });
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: document });
    const shown = async () => {
      const { Role } = await iam.getRole({ RoleName });
      return decodeURIComponent(there(Role?.AssumeRolePolicyDocument));
    };
    await iam.updateUser({ UserName: 'ada', NewUserName: 'grace' });
    expect(await shown()).toBe(naming({ AWS: [HOME, `arn:aws:iam::${HOME}:user/grace`] }));
    await iam.deleteUser({ UserName: 'grace' });
    await iam.createUser({ UserName: 'grace' });
    expect(await shown()).toBe(naming({ AWS: [HOME, there(User?.UserId)] }));
  });

  it('shows the id of a role that is deleted', async () => {
    const { Arn, RoleId } = await makeRole();
    await iam.createRole({ RoleName: 'trusting', AssumeRolePolicyDocument: naming({ AWS: there(Arn) }) });
    await iam.deleteRole({ RoleName });
    const { Role } = await iam.getRole({ RoleName: 'trusting' });
    expect(decodeURIComponent(there(Role?.AssumeRolePolicyDocument))).toBe(naming({ AWS: there(RoleId) }));
  });
});

describe('A policy', () => {
  it('has up to five versions, one of them the default', async () => {
    const PolicyArn = await makePolicy();
    for (let version = 2; version <= 5; version += 1)
      await iam.createPolicyVersion({ PolicyArn, PolicyDocument: policy(`logs:V${version}`) });
    const sixth = iam.createPolicyVersion({ PolicyArn, PolicyDocument });
    expect(await refusal(sixth)).toMatchObject({ code: 'LimitExceededException', status: 409 });
    await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v3' });
    expect((await iam.getPolicy({ PolicyArn })).Policy?.DefaultVersionId).toBe('v3');
    const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: 'v3' });
    expect(decodeURIComponent(there(PolicyVersion?.Document))).toBe(policy('logs:V3'));
    const deletion = iam.deletePolicyVersion({ PolicyArn, VersionId: 'v3' });
    expect(await refusal(deletion)).toMatchObject({ code: 'DeleteConflictException' });
    expect(await refusal(iam.deletePolicy({ PolicyArn }))).toMatchObject({ code: 'DeleteConflictException' });
    await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v5' });
    await iam.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true });
    const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn });
    expect(Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion)).toHaveLength(1);
  });

  it('of AWS can be attached and read, not changed', async () => {
    await makeRole();
    await iam.attachRolePolicy({ RoleName, PolicyArn: managed });
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName });
    expect(AttachedPolicies).toEqual([{ PolicyArn: managed, PolicyName: 'AmazonSSMManagedInstanceCore' }]);
    expect((await iam.getPolicy({ PolicyArn: managed })).Policy?.AttachmentCount).toBe(1);
    expect(await refusal(iam.deletePolicy({ PolicyArn: managed }))).toMatchObject({ status: 403 });
    expect((await iam.listPolicies({ Scope: 'Local' })).Policies).toEqual([]);
  });
});

describe('IAM refuses', () => {
  it.each<[string, string, number, (iam: IAM) => Promise<unknown>]>([
    ['a role that is not there', 'NoSuchEntityException', 404, (c) => c.getRole({ RoleName: 'x' })],
    ['a policy that is not there', 'NoSuchEntityException', 404, (c) => c.getPolicy({ PolicyArn: `${managed}X` })],
    [
      'an inline policy that is not there',
      'NoSuchEntityException',
      404,
      (c) => c.getRolePolicy({ RoleName, PolicyName: 'toString' }),
    ],
    [
      'attaching what is not there',
      'NoSuchEntityException',
      404,
      (c) => c.attachRolePolicy({ RoleName, PolicyArn: `${managed}X` }),
    ],
    [
      'a role twice, in other letters',
      'EntityAlreadyExistsException',
      409,
      (c) => c.createRole({ RoleName: 'FLOW-LOGS', AssumeRolePolicyDocument }),
    ],
    [
      'a document that is no JSON',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: '{' }),
    ],
    [
      'a document without statements',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: '{"Version":"2012-10-17"}' }),
    ],
    [
      'a trust policy that trusts nobody',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.updateAssumeRolePolicy({ RoleName, PolicyDocument }),
    ],
    [
      'a permissions policy with a principal',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: AssumeRolePolicyDocument }),
    ],
    [
      'a permissions policy without a resource',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: allow({ Action: 'logs:*' }) }),
    ],
    [
      'a resource that is no ARN',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: allow({ Action: 'logs:*', Resource: 'my-group' }) }),
    ],
    [
      'an action without its service',
      'MalformedPolicyDocumentException',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: allow({ Action: 'PutLogEvents', Resource: '*' }) }),
    ],
    [
      'a trust policy with a resource',
      'MalformedPolicyDocumentException',
      400,
      (c) =>
        c.updateAssumeRolePolicy({
          RoleName,
          PolicyDocument: allow({ Action: 'sts:AssumeRole', Principal: '*', Resource: '*' }),
        }),
    ],
    [
      'a document in Greek',
      'ValidationError',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', PolicyDocument: allow({ Action: 'logs:*', Resource: '*', Sid: 'λ' }) }),
    ],
    ['a name with a space', 'ValidationError', 400, (c) => c.createPolicy({ PolicyName: 'a b', PolicyDocument })],
    [
      'a path without its slash',
      'ValidationError',
      400,
      (c) => c.createPolicy({ PolicyName: 'p', Path: '/labs', PolicyDocument }),
    ],
    ['a page of 1001', 'ValidationError', 400, (c) => c.listRoles({ MaxItems: 1001 })],
    ['a marker of nobody', 'ValidationError', 400, (c) => c.listRoles({ Marker: 'x' })],
  ])('%s', async (_what, code, status, call) => {
    await makeRole();
    expect(await refusal(call(iam))).toMatchObject({ code, status });
  });
});

describe('An instance may register with Systems Manager', () => {
  const arn = 'arn:aws:iam::123456789012:instance-profile/p';
  const core = policy('ssm:UpdateInstanceInformation');
  it.each([
    [true, 'with AWS’s own policy', { attachedPolicyArns: [managed] }],
    [true, 'with a policy that allows the same', { inlinePolicies: { p: core } }],
    [false, 'without a policy', {}],
    [false, 'with another policy', { inlinePolicies: { p: policy('logs:*') } }],
    [false, 'unless EC2 may assume the role', { attachedPolicyArns: [managed], trustPolicy: AssumeRolePolicyDocument }],
  ])('%s: %s', (expected, _what, differences) => {
    const common = { path: '/', id: 'x', createDate: 0, name: 'r', arn: 'arn:aws:iam::123456789012:role/r' };
    const role = {
      ...common,
      maxSessionDuration: 3600,
      trustPolicy: trust('ec2.amazonaws.com'),
      attachedPolicyArns: [],
      inlinePolicies: {},
      tags: {},
      ...differences,
    };
    const instanceProfiles = [{ ...common, name: 'p', arn, roleNames: ['r'] }];
    const iam = { roles: [role], policies: [], instanceProfiles, users: [], groups: [] };
    const account = { id: '123456789012', iam, regions: {} };
    expect(profileAllowsSsm(account, arn)).toBe(expected);
  });
});
