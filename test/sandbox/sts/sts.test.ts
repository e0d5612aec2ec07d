/** STS through the SDK: STS API Reference, AssumeRole and GetSessionToken; IAM User Guide, "How to use an external ID", "Role chaining". */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssumeRoleRequest, Credentials } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientsOf, refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
beforeEach(async () => {
  sandbox = await serve();
});
afterEach(() => sandbox.close());

const HOME = '123456789012';
const AWAY = '999999999999';
const RoleName = 'grader';
const RoleArn = `arn:aws:iam::${HOME}:role/${RoleName}`;

function trust(AWS: string, Condition?: object, Action: string | string[] = 'sts:AssumeRole') {
  const Statement = { Effect: 'Allow', Principal: { AWS }, Action, ...(Condition && { Condition }) };
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

const root = (account: string) => `arn:aws:iam::${account}:root`;
const makeRole = (AssumeRolePolicyDocument: string) => sandbox.iam.createRole({ RoleName, AssumeRolePolicyDocument });
const of = (credentials: Credentials) => clientsOf(sandbox.url, credentials);

async function assume(input: Partial<AssumeRoleRequest> = {}, sts = sandbox.sts) {
  const { Credentials, ...rest } = await sts.assumeRole({ RoleArn, RoleSessionName: 'session', ...input });
  return { ...rest, Credentials: there(Credentials) };
}

async function makeUser(UserName: string) {
  const user = there((await sandbox.iam.createUser({ UserName })).User);
  const key = there((await sandbox.iam.createAccessKey({ UserName })).AccessKey);
  return { user, key, ...clientsOf(sandbox.url, there(key.AccessKeyId)) };
}

describe('An assumed role', () => {
  it('has temporary keys that are the session’s', async () => {
    const { Role } = await makeRole(trust(root(HOME)));
    const { Credentials, AssumedRoleUser } = await assume({ DurationSeconds: 900 });
    expect(Credentials).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^.{40}$/),
      Expiration: new Date('2026-11-23T10:15:00Z'),
    });
    expect(await of(Credentials).sts.getCallerIdentity()).toMatchObject({
      Account: HOME,
      UserId: `${Role?.RoleId}:session`,
      Arn: `arn:aws:sts::${HOME}:assumed-role/grader/session`,
    });
    expect(AssumedRoleUser?.AssumedRoleId).toBe(`${Role?.RoleId}:session`);
  });

  it('works until its keys expire, and every service says so in its own words', async () => {
    await makeRole(trust(root(HOME)));
    const { Credentials } = await assume({ DurationSeconds: 900 });
    const { sts, ec2, logs } = of(Credentials);
    sandbox.pass(899);
    await sts.getCallerIdentity();
    sandbox.pass(1);
    const message = 'The security token included in the request is expired';
    expect(await refusal(sts.getCallerIdentity())).toMatchObject({ code: 'ExpiredToken', status: 403, message });
    expect(await refusal(ec2.describeVpcs())).toMatchObject({ code: 'RequestExpired', status: 400 });
    expect(await refusal(logs.describeLogGroups())).toMatchObject({ code: 'ExpiredTokenException', status: 400 });
  });

  it('still works for a real minute where years pass in a second', async () => {
    const fast = await serve({ timeScale: 1e9 });
    await fast.iam.createRole({ RoleName, AssumeRolePolicyDocument: trust(root(HOME)) });
    const { Credentials } = await fast.sts.assumeRole({ RoleArn, RoleSessionName: 'session' });
    fast.pass(10);
    await clientsOf(fast.url, there(Credentials)).sts.getCallerIdentity();
    await fast.close();
  });

  it('may assume another role, for an hour at most', async () => {
    await makeRole(trust(root(HOME)));
    await sandbox.iam.updateRole({ RoleName, MaxSessionDuration: 7200 });
    const { sts } = of((await assume({ DurationSeconds: 7200 })).Credentials);
    await assume({ DurationSeconds: 3600 }, sts);
    expect(await refusal(assume({ DurationSeconds: 3601 }, sts))).toMatchObject({
      code: 'ValidationError',
      message: expect.stringContaining('role chaining'),
    });
  });
});

describe('Temporary credentials', () => {
  const message = 'The security token included in the request is invalid.';
  const notValidated = 'AWS was not able to validate the provided access credentials';
  const wrong: [string, (credentials: Credentials) => Credentials][] = [
    ['no session token', ({ SessionToken: _, ...rest }) => ({ ...rest, SessionToken: undefined })],
    ['another session token', (credentials) => ({ ...credentials, SessionToken: `${credentials.SessionToken}x` })],
  ];

  it.each(wrong)('are refused with %s, by every service in its own words', async (_what, spoil) => {
    await makeRole(trust(root(HOME)));
    const { sts, iam, ec2, logs, ssm } = of(spoil((await assume()).Credentials));
    const query = { code: 'InvalidClientTokenId', status: 403, message };
    expect(await refusal(sts.getCallerIdentity())).toEqual(query);
    expect(await refusal(iam.listRoles())).toEqual(query);
    expect(await refusal(ec2.describeVpcs())).toEqual({ code: 'AuthFailure', status: 401, message: notValidated });
    const json = { code: 'UnrecognizedClientException', status: 400, message };
    expect(await refusal(logs.describeLogGroups())).toEqual(json);
    expect(await refusal(ssm.listCommands())).toEqual(json);
  });

  it('are refused with the token of another session', async () => {
    await makeRole(trust(root(HOME)));
    const [{ Credentials: one }, { Credentials: other }] = [await assume(), await assume()];
    const { sts } = of({ ...one, SessionToken: other.SessionToken });
    expect(await refusal(sts.getCallerIdentity())).toMatchObject({ code: 'InvalidClientTokenId' });
  });

  it('may stand in the URL of a presigned request', async () => {
    await makeRole(trust(root(HOME)));
    const { Credentials } = await assume();
    const ask = async (token: string) => {
      const query = new URLSearchParams({
        Action: 'GetCallerIdentity',
        Version: '2011-06-15',
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': `${Credentials.AccessKeyId}/20261123/us-east-1/sts/aws4_request`,
        'X-Amz-Security-Token': token,
        'X-Amz-Signature': 'f00',
      });
      return (await fetch(`${sandbox.url}/?${query}`)).text();
    };
    expect(await ask(there(Credentials.SessionToken))).toContain(':assumed-role/grader/session');
    expect(await ask('x')).toContain('InvalidClientTokenId');
  });

  it('of somebody else’s making work with any token or none, as every key does that nobody issued', async () => {
    const made: Credentials = {
      AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      SecretAccessKey: 'x',
      SessionToken: undefined,
      Expiration: undefined,
    };
    for (const SessionToken of [undefined, 'any'])
      expect((await of({ ...made, SessionToken }).sts.getCallerIdentity()).Account).toBe(HOME);
  });
});

describe('A trust policy', () => {
  it.each<[boolean, string, string, Partial<AssumeRoleRequest>]>([
    [true, 'the caller’s account', trust(root(AWAY)), {}],
    [true, 'the account’s number', trust(AWAY), {}],
    [true, 'everyone', trust('*'), {}],
    [false, 'another account', trust(root('111111111111')), {}],
    [false, 'nobody but one user', trust(`arn:aws:iam::${AWAY}:user/x`), {}],
    [false, 'nobody without an external id', trust(root(AWAY), { StringEquals: { 'sts:ExternalId': 'lab-7' } }), {}],
    [
      false,
      'another external id',
      trust(root(AWAY), { StringEquals: { 'sts:ExternalId': 'lab-7' } }),
      { ExternalId: 'lab-8' },
    ],
    [
      true,
      'this external id',
      trust(root(AWAY), { StringEquals: { 'sts:ExternalId': 'lab-7' } }),
      { ExternalId: 'lab-7' },
    ],
    [false, 'no session tags', trust(root(AWAY)), { Tags: [{ Key: 'team', Value: 'a' }] }],
    [
      true,
      'session tags',
      trust(root(AWAY), undefined, ['sts:AssumeRole', 'sts:TagSession']),
      { Tags: [{ Key: 'team', Value: 'a' }] },
    ],
  ])('%s: it trusts %s', async (trusted, _what, document, input) => {
    await makeRole(document);
    const { sts } = clientsOf(sandbox.url, AWAY);
    if (trusted) {
      const { Credentials } = await assume(input, sts);
      expect((await of(Credentials).sts.getCallerIdentity()).Account).toBe(HOME);
    } else
      expect(await refusal(assume(input, sts))).toMatchObject({
        code: 'AccessDenied',
        status: 403,
        message: `User: ${root(AWAY)} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      });
  });
});

describe('STS refuses', () => {
  it.each<[string, string, Partial<AssumeRoleRequest>]>([
    ['a role that is not there', 'AccessDenied', { RoleArn: `arn:aws:iam::${HOME}:role/nobody` }],
    ['what is no role', 'ValidationError', { RoleArn: `arn:aws:iam::${HOME}:user/grader` }],
    ['less than 15 minutes', 'ValidationError', { DurationSeconds: 899 }],
    ['more than 12 hours', 'ValidationError', { DurationSeconds: 43_201 }],
    ['more than the role’s maximum', 'ValidationError', { DurationSeconds: 3601 }],
    ['a session name with a space', 'ValidationError', { RoleSessionName: 'a b' }],
    ['a session name of 65 letters', 'ValidationError', { RoleSessionName: 'a'.repeat(65) }],
    ['a session policy that is none', 'MalformedPolicyDocumentException', { Policy: '{}' }],
    ['a session policy of 2049 characters', 'ValidationError', { Policy: ' '.repeat(2049) }],
    ['an MFA code', 'AccessDenied', { SerialNumber: 'arn:aws:iam::1:mfa/x', TokenCode: '123456' }],
  ])('%s', async (_what, code, input) => {
    await makeRole(trust(root(HOME)));
    expect(await refusal(assume(input))).toMatchObject({ code });
  });
});

describe('A user’s key', () => {
  it('is the user’s: in the account that it was made in, until it is switched off or deleted', async () => {
    const { user, key, sts, ec2 } = await makeUser('ada');
    expect(await sts.getCallerIdentity()).toMatchObject({ Account: HOME, Arn: user.Arn, UserId: user.UserId });
    expect(await sandbox.sts.getAccessKeyInfo({ AccessKeyId: key.AccessKeyId })).toMatchObject({ Account: HOME });
    const Key = { UserName: 'ada', AccessKeyId: key.AccessKeyId };
    await sandbox.iam.updateAccessKey({ ...Key, Status: 'Inactive' });
    expect(await refusal(sts.getCallerIdentity())).toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
    expect(await refusal(ec2.describeVpcs())).toMatchObject({ code: 'AuthFailure', status: 401 });
    await sandbox.iam.updateAccessKey({ ...Key, Status: 'Active' });
    await sts.getCallerIdentity();
    expect(await sandbox.iam.getAccessKeyLastUsed(Key)).toMatchObject({ AccessKeyLastUsed: { ServiceName: 'sts' } });
    const withToken = of({ ...key, SessionToken: 'left over', Expiration: undefined }).sts;
    expect(await refusal(withToken.getCallerIdentity())).toMatchObject({ code: 'InvalidClientTokenId' });
    await sandbox.iam.deleteAccessKey(Key);
    expect(await refusal(sts.getCallerIdentity())).toMatchObject({ code: 'InvalidClientTokenId' });
    await sandbox.reset();
    expect(await refusal(sts.getCallerIdentity())).toMatchObject({ code: 'InvalidClientTokenId' });
  });

  it('may be exchanged for a session, which may not be exchanged again', async () => {
    const { user, sts } = await makeUser('ada');
    const { Credentials } = await sts.getSessionToken({ DurationSeconds: 900 });
    const session = of(there(Credentials)).sts;
    expect((await session.getCallerIdentity()).Arn).toBe(user.Arn);
    expect(await refusal(session.getSessionToken())).toMatchObject({ code: 'AccessDenied', status: 403 });
  });
});

it('A key that nobody issued is its account’s root', async () => {
  expect(await sandbox.sts.getCallerIdentity()).toMatchObject({ Account: HOME, Arn: root(HOME), UserId: HOME });
  expect((await clientsOf(sandbox.url, AWAY).sts.getCallerIdentity()).Account).toBe(AWAY);
});

describe('After a restart', () => {
  let folder: string;
  let stateFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labproof-sts-'));
    stateFile = join(folder, 'state.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A user's key, its session, and what the sandbox wrote before and after its end. */
  async function issued() {
    const before = await serve({ stateFile });
    await before.iam.createUser({ UserName: 'ada' });
    const { AccessKey } = await before.iam.createAccessKey({ UserName: 'ada' });
    const id = there(AccessKey?.AccessKeyId);
    const session = there((await clientsOf(before.url, id).sts.getSessionToken()).Credentials);
    await clientsOf(before.url, session).ec2.createVpc({ CidrBlock: '10.1.0.0/16' });
    const text = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const journal = text();
    await before.close();
    return { id, session, written: [...journal, ...text()].join() };
  }
  const ada = `arn:aws:iam::${HOME}:user/ada`;

  it('keys that were issued work, with the token that is theirs', async () => {
    const { id, session } = await issued();
    const after = await serve({ stateFile });
    for (const key of [id, session]) expect((await clientsOf(after.url, key).sts.getCallerIdentity()).Arn).toBe(ada);
    const { sts } = clientsOf(after.url, there(session.AccessKeyId));
    expect(await refusal(sts.getCallerIdentity())).toMatchObject({ code: 'InvalidClientTokenId' });
    await after.close();
  });

  it('nobody has written a session token down', async () => {
    const { session, written } = await issued();
    expect(written).toContain(there(session.AccessKeyId));
    expect(written).toContain('CreateVpc');
    expect(written).not.toContain(there(session.SessionToken));
    expect(written).not.toContain(encodeURIComponent(there(session.SessionToken)));
  });

  it('a session of a state file from before tokens were looked at goes on without', async () => {
    const { session } = await issued();
    writeFileSync(stateFile, readFileSync(stateFile, 'utf8').replace(/,"tokenDigest":"[0-9a-f]{64}"/, ''));
    const after = await serve({ stateFile });
    expect((await clientsOf(after.url, there(session.AccessKeyId)).sts.getCallerIdentity()).Arn).toBe(ada);
    await after.close();
  });
});
