/** The HTTP side, as a program meets it that is not the SDK: hostile, unsigned, or broken. */
import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { clientsOf, refusal, type Served, serve } from '../clients.ts';

let sandbox: Served;
const lines: string[] = [];
beforeAll(async () => {
  sandbox = await serve({ log: (line) => lines.push(line) });
});
afterAll(() => sandbox.close());

const signed = (service: string, accessKey = 'test', region = 'us-east-1') =>
  `AWS4-HMAC-SHA256 Credential=${accessKey}/20261123/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`;

interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** A request as it is written, header for header: fetch would set Host and path right. */
function send(
  options: { method?: string; path?: string; headers?: Record<string, string> },
  body = '',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(sandbox.url);
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/', ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const ec2Call = (body: string, headers: Record<string, string> = {}) =>
  send({ headers: { authorization: signed('ec2'), ...headers } }, body);

describe('Who may ask', () => {
  it.each([
    ['a request without a signature', {}, 'MissingAuthenticationToken'],
    ['a signature that names no credential', { authorization: 'Bearer token' }, 'MissingAuthenticationToken'],
    ['a name that DNS rebinding brings here', { authorization: signed('ec2'), host: 'evil.example' }, 'AccessDenied'],
    [
      'a name that only begins like ours',
      { authorization: signed('ec2'), host: '127.0.0.1.evil.example' },
      'AccessDenied',
    ],
    ['a page in a browser', { authorization: signed('ec2'), origin: 'http://localhost:3000' }, 'AccessDenied'],
    ['a sandboxed page', { authorization: signed('ec2'), origin: 'null' }, 'AccessDenied'],
  ])('refuses %s', async (_who, headers, code) => {
    const { status, text } = await send({ headers }, 'Action=DescribeVpcs&Version=2016-11-15');
    expect(status).toBe(403);
    expect(text).toContain(`<Code>${code}</Code>`);
  });

  it('refuses a page the control address, too', async () => {
    const { status } = await send({ path: '/_sandbox/reset', headers: { origin: 'https://evil.example' } });
    expect(status).toBe(403);
  });

  it('answers on localhost as on 127.0.0.1', async () => {
    const { status } = await ec2Call('Action=DescribeVpcs', { host: 'localhost:4566' });
    expect(status).toBe(200);
  });
});

describe('Whose account it is', () => {
  it.each([
    ['test', '123456789012'],
    ['AKIAIOSFODNN7EXAMPLE', '123456789012'],
    ['111122223333', '111122223333'],
    ['11112222333', '123456789012'],
  ])('the key %s is of account %s', async (key, account) => {
    const { Account } = await clientsOf(sandbox.url, key).sts.getCallerIdentity({});
    expect(Account).toBe(account);
  });

  it('one account sees nothing of another', async () => {
    const [one, other] = ['111111111111', '222222222222'].map((key) => clientsOf(sandbox.url, key).ec2);
    await one?.createVpc({ CidrBlock: '10.9.0.0/16' });
    expect((await one?.describeVpcs())?.Vpcs).toHaveLength(2);
    expect((await other?.describeVpcs())?.Vpcs).toHaveLength(1);
  });

  it('a Region that is not there answers as one that is not enabled', async () => {
    const { ec2 } = clientsOf(sandbox.url, 'test', 'xx-nowhere-1');
    expect(await refusal(ec2.describeVpcs())).toMatchObject({ code: 'AuthFailure', status: 401 });
  });
});

describe('What is not there', () => {
  it.each([
    ['ec2', 'Action=CreateTransitGateway&Version=2016-11-15', {}, 'InvalidAction'],
    ['ec2', 'Action=toString', {}, 'InvalidAction'],
    ['ec2', 'Version=2016-11-15', {}, 'InvalidAction'],
    ['iam', 'Action=CreateSAMLProvider&Version=2010-05-08', {}, 'InvalidAction'],
    ['logs', '{}', { 'x-amz-target': 'Logs_20140328.PutDestination' }, 'UnknownOperationException'],
    ['ssm', '{}', { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' }, 'UnknownOperationException'],
  ])('%s answers %s with its own error', async (service, body, headers, code) => {
    const { status, text } = await send({ headers: { authorization: signed(service), ...headers } }, body);
    expect(status).toBe(400);
    expect(text).toContain(code);
  });

  it.each([
    ['s3', 'GET', {}, 'application/xml', /<Error><Code>NotImplemented<\/Code><Message>(.*)<\/Message>/],
    ['route53', 'GET', {}, 'text/xml', /<ErrorResponse><Error>.*<Code>NotImplemented<\/Code><Message>(.*)<\/Message>/],
    [
      'cloudformation',
      'POST',
      { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      'text/xml',
      /<ErrorResponse><Error>.*<Code>NotImplemented<\/Code><Message>(.*)<\/Message>/,
    ],
    [
      'dynamodb',
      'POST',
      { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      'application/x-amz-json-1.0',
      /^{"__type":"NotImplemented","message":"(.*)"}$/,
    ],
    [
      'monitoring',
      'POST',
      { 'smithy-protocol': 'rpc-v2-cbor' },
      'application/cbor',
      /__type.NotImplemented.*?(The .*)/,
    ],
    ['lambda', 'GET', {}, 'application/json', /^{"message":"(.*)"}$/],
  ])('the service %s is said to be absent as its clients read it', async (service, method, form, type, message) => {
    const { status, headers, text } = await send({ method, headers: { authorization: signed(service), ...form } });
    expect(status).toBe(501);
    expect(headers['content-type']).toBe(type);
    if (service === 'lambda') expect(headers['x-amzn-errortype']).toBe('NotImplemented');
    const words = `The sandbox does not have the service ${service}. It has ec2, iam, sts, logs and ssm.`;
    expect(message.exec(text)?.[1]).toBe(words);
    expect(lines).toContain(`${service} is not simulated`);
  });

  it('a file for S3, neither text nor small, is read to its end', async () => {
    const file = '\u0000\u00ff'.repeat(4 * 1024 * 1024);
    const { status } = await send({ method: 'PUT', path: '/b/file', headers: { authorization: signed('s3') } }, file);
    expect(status).toBe(501);
  });

  it('is named in the log', () => {
    expect(lines).toContain('ec2:CreateTransitGateway is not simulated');
  });
});

describe('What is broken', () => {
  it.each([
    ['an unknown parameter', 'Action=DescribeVpcs&Colour=red', 'UnknownParameter'],
    ['a number that is none', 'Action=DescribeVpcs&MaxResults=many', 'InvalidParameterValue'],
    ['a boolean that is none', 'Action=DescribeVpcs&DryRun=perhaps', 'InvalidParameterValue'],
    ['a list without numbers', 'Action=DescribeVpcs&VpcId.first=vpc-1', 'UnknownParameter'],
    ['a control character', 'Action=DescribeVpcs&VpcId.1=%00', 'InvalidParameterValue'],
    ['no name of what is to be deleted', 'Action=DeleteVpc', 'MissingParameter'],
  ])('%s is refused', async (_what, body, code) => {
    const { status, text } = await ec2Call(body);
    expect(status).toBe(400);
    expect(text).toContain(`<Code>${code}</Code>`);
  });

  it.each([
    '{',
    '[]',
    '"text"',
    '{"limit":"many"}',
    '{"limit":{}}',
    '['.repeat(100_000),
  ])('JSON that does not fit: %.20s', async (body) => {
    const headers = { authorization: signed('logs'), 'x-amz-target': 'Logs_20140328.DescribeLogGroups' };
    const { status, text } = await send({ headers }, body);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ __type: 'SerializationException' });
  });

  it('a body above 4 MiB', async () => {
    const { status, text } = await ec2Call(`Action=DescribeVpcs&VpcId.1=${'x'.repeat(4 * 1024 * 1024)}`);
    expect(status).toBe(413);
    expect(text).toContain('RequestEntityTooLarge');
  });

  it.each(['//', 'http://[', '/_sandbox/nothing', '/_sandbox/%ff'])('the path %s', async (path) => {
    const { status } = await send({ path });
    expect([403, 404]).toContain(status);
  });

  it('never gets another answer than one of AWS', async () => {
    const actions = ['CreateVpc', 'CreateSubnet', 'RunInstances', 'CreateRoute', 'AuthorizeSecurityGroupIngress'];
    const keys = ['CidrBlock', 'VpcId', 'SubnetId', 'ImageId', 'MinCount', 'RouteTableId', 'Filter.1.Name', 'GroupId'];
    const call = fc.tuple(fc.constantFrom(...actions), fc.dictionary(fc.constantFrom(...keys), fc.string()));
    await fc.assert(
      fc.asyncProperty(call, async ([Action, parameters]) => {
        const { status, text } = await ec2Call(String(new URLSearchParams({ Action, ...parameters })));
        expect(status, text).toBeLessThan(500);
        expect(text).toMatch(/^<\?xml/);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe('Beside the AWS protocols', () => {
  it('tells that it is well, and its time', async () => {
    const { status, text, headers } = await send({ method: 'GET', path: '/_sandbox/health' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ status: 'ok', now: sandbox.now(), timeScale: 1 });
    expect(headers).toMatchObject({ date: 'Mon, 23 Nov 2026 10:00:00 GMT', 'x-amzn-requestid': expect.any(String) });
  });

  it('goes back to new accounts', async () => {
    await sandbox.ec2.createVpc({ CidrBlock: '10.1.0.0/16' });
    expect((await send({ path: '/_sandbox/reset' })).status).toBe(204);
    const { Vpcs } = await sandbox.ec2.describeVpcs();
    expect(Vpcs?.map(({ CidrBlock, IsDefault }) => [CidrBlock, IsDefault])).toEqual([['172.31.0.0/16', true]]);
  });

  it('fails an operation on demand, as often as asked', async () => {
    const fault = { error: { code: 'UnauthorizedOperation', status: 403, message: 'No.' }, times: 1 };
    const set = await send({ path: '/_sandbox/faults' }, JSON.stringify({ 'ec2:DescribeVpcs': fault }));
    expect(set.status).toBe(204);
    expect(await refusal(sandbox.ec2.describeVpcs())).toMatchObject({ code: 'UnauthorizedOperation', status: 403 });
    expect((await sandbox.ec2.describeVpcs()).Vpcs).toHaveLength(1);
  });

  it.each([
    ['ec2', 'throttling', 503, 'RequestLimitExceeded'],
    ['ec2', 'serverError', 500, 'InternalError'],
    ['iam', 'throttling', 400, 'Throttling'],
    ['iam', 'serverError', 500, 'ServiceFailure'],
    ['logs', 'throttling', 400, 'ThrottlingException'],
    ['logs', 'serverError', 500, 'InternalServerError'],
  ])('makes %s fail by %s at a rate, with its own code', async (service, kind, status, code) => {
    await send({ path: '/_sandbox/faults' }, JSON.stringify({ '*': { [kind]: 1 } }));
    const target = service === 'logs' ? { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' } : undefined;
    const body = { ec2: 'Action=DescribeVpcs', iam: 'Action=ListRoles', logs: '{}' }[service];
    const reply = await send({ headers: { authorization: signed(service), ...target } }, body);
    await send({ path: '/_sandbox/faults' }, '{}');
    expect([reply.status, reply.text.includes(code)]).toEqual([status, true]);
    expect((await sandbox.ec2.describeVpcs()).Vpcs).toHaveLength(1);
  });

  it('cuts connections at a rate, and what it cut did not happen', async () => {
    await send({ path: '/_sandbox/faults' }, JSON.stringify({ 'ec2:*': { drop: 1 } }));
    await expect(ec2Call('Action=CreateVpc&CidrBlock=10.9.0.0/16')).rejects.toThrow();
    await send({ path: '/_sandbox/faults' }, '{}');
    expect((await sandbox.ec2.describeVpcs()).Vpcs).toHaveLength(1);
  });

  it('fails only the accounts that are named', async () => {
    await send({ path: '/_sandbox/faults' }, JSON.stringify({ '*': { serverError: 1, accounts: ['111122223333'] } }));
    const as = (key: string) => send({ headers: { authorization: signed('ec2', key) } }, 'Action=DescribeVpcs');
    const [theirs, ours] = [await as('111122223333'), await as('444455556666')];
    await send({ path: '/_sandbox/faults' }, '{}');
    expect([theirs.status, ours.status]).toEqual([500, 200]);
  });

  it('fails about as many calls as the rate says', async () => {
    await send({ path: '/_sandbox/faults' }, JSON.stringify({ 'ec2:DescribeVpcs': { throttling: 0.5 } }));
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await ec2Call('Action=DescribeVpcs')).status),
    );
    await send({ path: '/_sandbox/faults' }, '{}');
    const throttled = statuses.filter((status) => status === 503).length;
    expect(throttled).toBeGreaterThan(50);
    expect(throttled).toBeLessThan(150);
  });

  it('answers later by as many milliseconds as asked', async () => {
    await send({ path: '/_sandbox/faults' }, JSON.stringify({ 'ec2:DescribeVpcs': { latencyMs: 120 } }));
    const started = performance.now();
    await ec2Call('Action=DescribeVpcs');
    expect(performance.now() - started).toBeGreaterThan(115);
    await send({ path: '/_sandbox/faults' }, '{}');
  });

  it.each([
    '{',
    '[]',
    '{"ec2:DescribeVpcs":{"error":{"code":"X","status":200}}}',
    '{"ec2:DescribeVpcs":{"throttling":2}}',
    '{"ec2:DescribeVpcs":{"speed":1}}',
    '{"everything":{"throttling":1}}',
  ])('refuses %s as faults', async (body) => {
    expect((await send({ path: '/_sandbox/faults' }, body)).status).toBe(400);
  });

  it('says clearly that a port is taken', async () => {
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port, timeScale: 1 })).rejects.toThrow(`Port ${port} is taken by another program.`);
  });
});
