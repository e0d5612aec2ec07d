/** What goes wrong on the way becomes a reason, an action and one line for people. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openAccount } from '../../src/account/live.ts';
import type { AccountReader, Target } from '../../src/account/reader.ts';
import type { Reading, Unread } from '../../src/model/account.ts';
import { ec2Error, ec2Page, json, jsonError, keys, queryError, type Recorded, replay } from './stub.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function account(answers: Readonly<Record<string, readonly Recorded[]>>, timeoutMs?: number) {
  const stub = await replay(answers);
  const reader = openAccount(stub.target, timeoutMs === undefined ? {} : { timeoutMs });
  closing.push(() => reader.close(), stub.close);
  return { stub, reader };
}

function unread(reading: Reading<unknown>): Unread {
  if (reading.ok) throw new Error(`it was read: ${JSON.stringify(reading.value)}`);
  return reading.unread;
}

const ENCODED = `You are not authorized to perform this operation. Encoded authorization failure message: ${'q1Xv9-_'.repeat(60)}`;
const asked = {
  vpcs: (reader: AccountReader) => reader.read('vpcs'),
  roles: (reader: AccountReader) => reader.read('roles'),
  logGroups: (reader: AccountReader) => reader.read('logGroups'),
  identity: (reader: AccountReader) => reader.identity(),
};

describe("AWS's codes become reasons, with the action as IAM writes it", () => {
  test.each<[keyof typeof asked, string, Recorded, Unread['reason'], string]>([
    ['vpcs', 'DescribeVpcs', ec2Error(403, 'UnauthorizedOperation', ENCODED), 'denied', 'ec2:DescribeVpcs'],
    [
      'roles',
      'ListRoles',
      queryError(403, 'AccessDenied', 'User: arn:aws:iam::1:user/x is not authorized'),
      'denied',
      'iam:ListRoles',
    ],
    [
      'logGroups',
      'DescribeLogGroups',
      jsonError(400, 'AccessDeniedException', 'no'),
      'denied',
      'logs:DescribeLogGroups',
    ],
    [
      'vpcs',
      'DescribeVpcs',
      ec2Error(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials'),
      'credentials',
      'ec2:DescribeVpcs',
    ],
    [
      'identity',
      'GetCallerIdentity',
      queryError(403, 'ExpiredToken', 'The security token included in the request is expired'),
      'credentials',
      'sts:GetCallerIdentity',
    ],
    [
      'identity',
      'GetCallerIdentity',
      queryError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
      'credentials',
      'sts:GetCallerIdentity',
    ],
    [
      'logGroups',
      'DescribeLogGroups',
      jsonError(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
      'credentials',
      'logs:DescribeLogGroups',
    ],
    [
      'logGroups',
      'DescribeLogGroups',
      jsonError(400, 'ExpiredTokenException', 'expired'),
      'credentials',
      'logs:DescribeLogGroups',
    ],
    [
      'vpcs',
      'DescribeVpcs',
      ec2Error(400, 'InvalidAction', 'The action DescribeVpcs is not valid for this web service.'),
      'unsupported',
      'ec2:DescribeVpcs',
    ],
    [
      'logGroups',
      'DescribeLogGroups',
      jsonError(400, 'UnknownOperationException', ''),
      'unsupported',
      'logs:DescribeLogGroups',
    ],
    ['roles', 'ListRoles', { status: 501, body: '' }, 'unsupported', 'iam:ListRoles'],
    ['roles', 'ListRoles', { status: 429, body: '' }, 'throttled', 'iam:ListRoles'],
    [
      'vpcs',
      'DescribeVpcs',
      ec2Error(400, 'RequestExpired', 'Request has expired.'),
      'credentials',
      'ec2:DescribeVpcs',
    ],
    [
      'vpcs',
      'DescribeVpcs',
      ec2Error(400, 'InvalidParameterValue', 'Value (9) for parameter maxResults is invalid.'),
      'error',
      'ec2:DescribeVpcs',
    ],
  ])('%s: %s answers %j', async (slice, operation, answer, reason, action) => {
    const { reader } = await account({ [operation]: [answer] });
    expect(unread(await asked[slice](reader))).toMatchObject({ reason, action });
  });

  test('a refusal says what to allow, without the encoded message', async () => {
    const { reader } = await account({ DescribeVpcs: [ec2Error(403, 'UnauthorizedOperation', ENCODED)] });
    const { message } = unread(await reader.read('vpcs'));
    expect(message).toContain('ec2:DescribeVpcs');
    expect(message).not.toContain('q1Xv9');
  });
});

describe('what is no answer of AWS is never an empty list', () => {
  test.each([
    ['XML that breaks off', { body: '<DescribeVpcsResponse><vpcSet><item>' }],
    ['text', { body: 'It works!' }],
    ['a web page', { body: '<html><body>Sign in to the network</body></html>' }],
    ['nothing', { body: '' }],
    ['a proxy that refuses', { status: 403, body: '<html><body>Forbidden</body></html>' }],
    ['an answer cut in the middle', { body: '<DescribeVpcsResponse><vpcSet/>', fault: 'cut' }],
  ] as const)('%s', async (_, answer) => {
    const { reader } = await account({ DescribeVpcs: [answer] });
    const { message } = unread(await reader.read('vpcs'));
    expect(message).not.toMatch(/\$response|Unknown/);
  });

  test('nor is a web page a role that is not there', async () => {
    const page = { body: '<html><body>Sign in to the network</body></html>' };
    const { reader } = await account({ GetRole: [page], ListAttachedRolePolicies: [page], ListRolePolicies: [page] });
    expect(unread(await reader.ask({ kind: 'role', arn: 'arn:aws:iam::123456789012:role/r' })).reason).toBe('error');
  });

  test.each([
    ['text', { body: '<html>It works!</html>' }],
    ['half a document', { body: '{"logGroups":[{"logGroupName":' }],
  ])('JSON: %s', async (_, answer) => {
    const { reader } = await account({ DescribeLogGroups: [answer] });
    expect(unread(await reader.read('logGroups'))).toMatchObject({ reason: 'error', action: 'logs:DescribeLogGroups' });
  });

  test.each([
    ['a web page', '<html><body>It works!</body></html>'],
    ['nothing', ''],
  ])('who we are is not taken from %s', async (_, body) => {
    const { reader } = await account({ GetCallerIdentity: [{ body }] });
    expect(unread(await reader.identity()).message).toMatch(/no AWS account/);
  });
});

describe('what cannot be reached', () => {
  test('nothing listens: the endpoint is named, and how to start a sandbox', async () => {
    const { stub } = await account({});
    await stub.close();
    const reader = openAccount(stub.target);
    const { reason, message } = unread(await reader.read('subnets'));
    expect(reason).toBe('unreachable');
    expect(message).toContain(stub.target.endpointUrl);
    expect(message).toContain('labproof sandbox start');
  });

  test('connections that are dropped again and again', async () => {
    const { reader, stub } = await account({ DescribeVpcs: [{ fault: 'drop' }] });
    expect(unread(await reader.read('vpcs')).reason).toBe('unreachable');
    expect(stub.asked.length).toBe(4);
  });

  test.each([
    ['does not come', { fault: 'never' }],
    ['stops half-way', { body: '{"logGroups":[', fault: 'stall' }],
  ] as const)('an answer that %s in time', async (_, answer) => {
    const { reader } = await account({ DescribeLogGroups: [answer] }, 100);
    expect(unread(await reader.read('logGroups'))).toMatchObject({
      reason: 'timeout',
      action: 'logs:DescribeLogGroups',
    });
  });

  test('a password in the endpoint is not repeated', async () => {
    const reader = openAccount({ ...nowhere, endpointUrl: 'http://me:hunter2@127.0.0.1:9' });
    expect(unread(await reader.read('vpcs')).message).not.toContain('hunter2');
  });
});

const nowhere: Target = { kind: 'aws', region: 'us-east-1', endpointUrl: 'http://127.0.0.1:9', credentials: keys };

describe('a reader that is stopped', () => {
  test('answers at once, although the cloud does not', async () => {
    const stub = await replay({ DescribeVpcs: [{ fault: 'never' }] });
    const stop = new AbortController();
    const reader = openAccount(stub.target, { signal: stop.signal });
    closing.push(() => reader.close(), stub.close);
    const reading = reader.read('vpcs');
    await expect.poll(() => stub.asked.length).toBe(1);
    stop.abort();
    expect(unread(await reading).reason).toBe('timeout');
  });

  test('sends nothing more', async () => {
    const stub = await replay({ DescribeVpcs: [{ body: '' }] });
    const reader = openAccount(stub.target, { signal: AbortSignal.abort() });
    closing.push(() => reader.close(), stub.close);
    expect(unread(await reader.read('vpcs')).reason).toBe('timeout');
    expect(stub.asked).toEqual([]);
  });
});

describe('before anything is sent', () => {
  test('no Region: how to set one', async () => {
    const { region: _, ...target } = nowhere;
    const reader = openAccount(target);
    expect(unread(await reader.identity())).toMatchObject({
      reason: 'error',
      message: expect.stringContaining('--region'),
    });
    expect(unread(await reader.read('vpcs')).message).toContain('AWS_REGION');
  });

  test('a profile signs in once, for all services', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labproof-profile-'));
    closing.push(() => rm(folder, { recursive: true }));
    const config = join(folder, 'config');
    const log = join(folder, 'log');
    const script = join(folder, 'sign-in.sh');
    const issued = JSON.stringify({ Version: 1, AccessKeyId: keys.accessKeyId, SecretAccessKey: 'x' });
    await writeFile(script, `echo once >> '${log}'\necho '${issued}'\n`);
    await writeFile(config, `[profile lab]\nregion = eu-west-3\ncredential_process = sh ${script}\n`);
    vi.stubEnv('AWS_CONFIG_FILE', config);
    closing.push(() => vi.unstubAllEnvs());
    const stub = await replay({ DescribeVpcs: [ec2Page('DescribeVpcs', '<vpcSet/>')] });
    const reader = openAccount({ kind: 'aws', profile: 'lab', endpointUrl: stub.target.endpointUrl ?? '' });
    closing.push(() => reader.close(), stub.close);
    const [vpcs] = await Promise.all([reader.read('vpcs'), reader.read('roles'), reader.read('logGroups')]);
    expect(vpcs).toEqual({ ok: true, value: [] });
    expect(await readFile(log, 'utf8')).toBe('once\n');
  });

  test('a profile that is not there', async () => {
    const { credentials: _, ...target } = nowhere;
    const reader = openAccount({ ...target, profile: 'no-such-profile' });
    expect(unread(await reader.identity())).toMatchObject({
      reason: 'credentials',
      message: expect.stringContaining('--profile'),
    });
  });
});

describe('messages hold no secrets and nothing that a terminal obeys', () => {
  const token = 'IQoJb3JpZ2luX2VjEOb//////////wEaCXVzLWVhc3QtMSJHMEUCIQ';
  const canonical = `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key.

The Canonical String for this request should have been
'POST\n/\n\nhost:ec2.us-east-1.amazonaws.com\nx-amz-security-token:${token}'`;
  const incomplete = `Authorization header requires 'Date'. Authorization=AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/20261123/us-east-1/ec2/aws4_request, Signature=abc`;

  test.each([
    ['the canonical string', 'SignatureDoesNotMatch', canonical],
    ['the header', 'IncompleteSignature', incomplete],
    ['a key', 'InvalidParameterValue', `the key ${keys.accessKeyId} may not do this`],
  ])('%s that AWS repeats is left out', async (_, code, text) => {
    const { reader } = await account({ DescribeVpcs: [ec2Error(403, code, text)] });
    const said = JSON.stringify(await reader.read('vpcs'));
    for (const secret of [token, keys.accessKeyId, keys.secretAccessKey, 'Signature='])
      expect(said).not.toContain(secret);
  });

  test('control characters are removed from the message and the code', async () => {
    const hostile = jsonError(400, '\u001b]0;pwned\u0007Evil\u202e', '\u001b[2J\u001b[31mgone\r\nsecond line\u0000');
    const { reader } = await account({ DescribeLogGroups: [hostile] });
    const { message } = unread(await reader.read('logGroups'));
    expect(message).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(message).toContain('gone');
  });

  test('a very long message is cut', async () => {
    const { reader } = await account({ DescribeLogGroups: [jsonError(400, 'Odd', 'a'.repeat(100_000))] });
    expect(unread(await reader.read('logGroups')).message.length).toBeLessThan(600);
  });
});

describe('throttling', () => {
  test('is waited out, and the call counted once', async () => {
    const throttled = jsonError(400, 'ThrottlingException', 'Rate exceeded');
    const { reader, stub } = await account({ DescribeLogGroups: [throttled, json({ logGroups: [] })] });
    expect(await reader.read('logGroups')).toEqual({ ok: true, value: [] });
    expect(stub.asked.length).toBe(2);
    expect(reader.calls()).toEqual({ total: 1, byOperation: { 'logs:DescribeLogGroups': 1 } });
  });

  test('that does not end is said so', async () => {
    const { reader } = await account({
      DescribeVpcs: [ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.')],
    });
    expect(unread(await reader.read('vpcs'))).toMatchObject({ reason: 'throttled', action: 'ec2:DescribeVpcs' });
    expect(reader.calls().total).toBe(1);
  });
});
