/** The questions beyond lists, against recorded answers: what is sent for them, and what hard answers mean. */
import { describe, expect, test } from 'vitest';
import type { Reading, Unread } from '../../src/model/account.ts';
import { account, value } from './recorded.ts';
import { json, jsonError, queryError, type Recorded } from './stub.ts';

function unread(reading: Reading<unknown>): Unread {
  if (reading.ok) throw new Error(`it was read: ${JSON.stringify(reading.value)}`);
  return reading.unread;
}

const output = `PING 10.2.15.210 (10.2.15.210) 56(84) bytes of data.

--- 10.2.15.210 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 608ms`;
const requested = Date.UTC(2026, 10, 23, 10);
const sent = json({ Command: { CommandId: 'c-1', RequestedDateTime: requested / 1000 } });
const unknownYet = jsonError(400, 'InvocationDoesNotExist', '');
const ping = { kind: 'ping', instanceId: 'i-01', address: '10.2.15.210' } as const;

describe('a ping sent now', () => {
  test('is sent once, waited for, and read from its statistics though it "failed"', async () => {
    const { reader, stub } = await account({
      SendCommand: [sent],
      GetCommandInvocation: [
        unknownYet,
        json({ Status: 'InProgress', StandardOutputContent: '' }),
        json({ Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 1, StandardOutputContent: output }),
      ],
    });
    expect(value(await reader.ask(ping))).toEqual({
      address: '10.2.15.210',
      transmitted: 3,
      received: 0,
      at: requested,
      output,
    });
    const [command, ...others] = stub.asked.filter(({ operation }) => operation === 'SendCommand');
    expect(others).toEqual([]);
    expect(JSON.parse(command?.input.Parameters ?? '')).toMatchObject({
      commands: ['ping -c 3 -i 0.3 -W 2 10.2.15.210'],
    });
    expect(command?.input).toMatchObject({ DocumentName: 'AWS-RunShellScript', InstanceIds: '["i-01"]' });
  });

  test.each([
    '10.2.0.4; reboot',
    '$(id)',
    '10.2.0.4\nid',
    '-f 10.2.0.4',
    '',
    '010.2.0.4',
    '::1',
    'example.com',
    '10.2.0',
  ])('to %j is never sent, as that is no address', async (address) => {
    const { reader, stub } = await account({ SendCommand: [sent] });
    expect(unread(await reader.ask({ ...ping, address }))).toMatchObject({
      reason: 'error',
      action: 'ssm:SendCommand',
    });
    expect(stub.asked).toEqual([]);
    expect(reader.calls().total).toBe(0);
  });

  test.each<[string, Readonly<Record<string, readonly Recorded[]>>]>([
    [
      'is not managed',
      { SendCommand: [jsonError(400, 'InvalidInstanceId', 'Instances [[i-01]] not in a valid state')] },
    ],
    [
      'cannot be delivered to',
      { SendCommand: [sent], GetCommandInvocation: [json({ Status: 'Failed', StatusDetails: 'Undeliverable' })] },
    ],
    [
      'does not take it in time',
      { SendCommand: [sent], GetCommandInvocation: [json({ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' })] },
    ],
  ])('from an instance that %s cannot be read, which names the instance', async (_, answers) => {
    const { reader } = await account(answers);
    const { reason, action, message } = unread(await reader.ask(ping));
    expect({ reason, action }).toEqual({ reason: 'unsupported', action: 'ssm:SendCommand' });
    expect(message).toContain('i-01');
  });

  test('that is not there says what the shell said', async () => {
    const failed = json({
      Status: 'Failed',
      StandardOutputContent: '',
      StandardErrorContent: 'sh: \u001b[31mping: command not found',
    });
    const { reader } = await account({ SendCommand: [sent], GetCommandInvocation: [failed] });
    const { reason, message } = unread(await reader.ask(ping));
    expect(reason).toBe('error');
    expect(message).toContain('ping: command not found');
    expect(message).not.toContain('\u001b');
  });

  test('that we may not send is denied', async () => {
    const { reader } = await account({ SendCommand: [jsonError(400, 'AccessDeniedException', 'no')] });
    expect(unread(await reader.ask(ping))).toMatchObject({ reason: 'denied', action: 'ssm:SendCommand' });
  });
});

describe("the pings of Run Command's history", () => {
  test('come from every plugin of every page', async () => {
    const invocation = (at: number, ...outputs: string[]) => ({
      RequestedDateTime: at / 1000,
      CommandPlugins: outputs.map((Output) => ({ Output })),
    });
    const { reader } = await account({
      ListCommandInvocations: [
        json({ CommandInvocations: [invocation(requested, `${output}\n${output}`, 'no ping')], NextToken: 'n' }),
        json({ CommandInvocations: [invocation(requested - 1000, output), { RequestedDateTime: 1 }] }),
      ],
    });
    const pings = value(await reader.ask({ kind: 'pings', instanceId: 'i-01' }));
    expect(pings.map(({ at }) => at)).toEqual([requested, requested, requested - 1000]);
  });

  test('are none for an instance that Systems Manager never knew', async () => {
    const { reader } = await account({ ListCommandInvocations: [jsonError(400, 'InvalidInstanceId', '')] });
    expect(value(await reader.ask({ kind: 'pings', instanceId: 'i-01' }))).toEqual([]);
  });
});

describe('a log group that is not there has nothing in it', () => {
  const gone = jsonError(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
  test.each([
    ['DescribeLogStreams', { kind: 'logStreams', logGroup: 'gone' }],
    ['FilterLogEvents', { kind: 'logEvents', logGroup: 'gone', anyOf: ['x'] }],
    ['DescribeQueries', { kind: 'queries', logGroup: 'gone' }],
  ] as const)('%s', async (operation, question) => {
    const { reader } = await account({ [operation]: [gone] });
    expect(await reader.ask(question)).toEqual({ ok: true, value: [] });
  });
});

describe('log events', () => {
  test.each([
    [['10.2.0.4'], '"10.2.0.4"'],
    [['10.2.0.4', '54.1.2.3'], '?"10.2.0.4" ?"54.1.2.3"'],
    [['a"b\\c'], '"a\\"b\\\\c"'],
  ])('with any of %j are asked for by the pattern %s', async (anyOf, pattern) => {
    const { reader, stub } = await account({ FilterLogEvents: [json({ events: [] })] });
    await reader.ask({ kind: 'logEvents', logGroup: 'group', anyOf });
    expect(stub.asked[0]?.input.filterPattern).toBe(pattern);
  });

  test('without any of the terms are left out, where an endpoint does not know the pattern', async () => {
    const events = ['a 10.2.0.4 b', 'a 10.9.9.9 b'].map((message) => ({ logStreamName: 's', timestamp: 1, message }));
    const { reader } = await account({ FilterLogEvents: [json({ events })] });
    const question = { kind: 'logEvents', logGroup: 'group', anyOf: ['10.2.0.4', '54.1.2.3'] } as const;
    expect(value(await reader.ask(question)).map(({ message }) => message)).toEqual(['a 10.2.0.4 b']);
  });

  test('with any of nothing are none, and nothing is sent', async () => {
    const { reader, stub } = await account({});
    expect(value(await reader.ask({ kind: 'logEvents', logGroup: 'group', anyOf: [] }))).toEqual([]);
    expect(stub.asked).toEqual([]);
  });
});

describe('queries', () => {
  const query = (id: number, status: string) => ({
    queryId: `q${id}`,
    queryString: 'stats count(*)',
    status,
    createTime: id,
  });

  test('come newest first, with the rows of the newest five that are complete', async () => {
    const { reader, stub } = await account({
      DescribeQueries: [
        json({ queries: [query(1, 'Complete'), query(9, 'Failed'), query(8, 'Running')], nextToken: 'n' }),
        json({ queries: [2, 3, 4, 5, 6].map((id) => query(id, 'Complete')) }),
      ],
      GetQueryResults: [
        json({
          status: 'Complete',
          results: [
            [
              { field: 'srcAddr', value: '10.1.0.4' },
              { field: '@ptr', value: 'Cmp' },
            ],
          ],
        }),
      ],
    });
    const queries = value(await reader.ask({ kind: 'queries', logGroup: 'group' }));
    expect(queries.map(({ id }) => id)).toEqual(['q9', 'q8', 'q6', 'q5', 'q4', 'q3', 'q2']);
    expect(queries[2]?.rows).toEqual([{ srcAddr: '10.1.0.4' }]);
    expect(queries[0]?.rows).toEqual([]);
    expect(stub.asked.filter(({ operation }) => operation === 'GetQueryResults').length).toBe(5);
  });

  test('whose results have expired have no rows', async () => {
    const { reader } = await account({
      DescribeQueries: [json({ queries: [query(1, 'Complete')] })],
      GetQueryResults: [jsonError(400, 'ResourceNotFoundException', 'expired')],
    });
    expect(value(await reader.ask({ kind: 'queries', logGroup: 'group' }))).toMatchObject([{ id: 'q1', rows: [] }]);
  });
});

describe('a role', () => {
  const arn = 'arn:aws:iam::123456789012:role/lab/flow';
  const answer = (operation: string, inside: string) => ({
    body: `<${operation}Response><${operation}Result>${inside}</${operation}Result></${operation}Response>`,
  });
  const encoded = (value: object) => encodeURIComponent(JSON.stringify(value));
  const role = answer(
    'GetRole',
    `<Role><RoleName>flow</RoleName><Arn>${arn}</Arn><AssumeRolePolicyDocument>${encoded({ a: '%41' })}</AssumeRolePolicyDocument>
     <PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::aws:policy/B</PermissionsBoundaryArn></PermissionsBoundary></Role>`,
  );

  test('comes with the default versions of its policies, its inline ones and its boundary', async () => {
    const { reader, stub } = await account({
      GetRole: [role],
      ListAttachedRolePolicies: [
        answer(
          'ListAttachedRolePolicies',
          '<AttachedPolicies><member><PolicyName>P</PolicyName><PolicyArn>arn:aws:iam::aws:policy/P</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>',
        ),
      ],
      ListRolePolicies: [answer('ListRolePolicies', '<PolicyNames><member>inline</member></PolicyNames>')],
      GetRolePolicy: [answer('GetRolePolicy', `<PolicyDocument>${encoded({ own: 1 })}</PolicyDocument>`)],
      GetPolicy: [answer('GetPolicy', '<Policy><DefaultVersionId>v7</DefaultVersionId></Policy>')],
      GetPolicyVersion: [
        answer('GetPolicyVersion', `<PolicyVersion><Document>${encoded({ managed: 1 })}</Document></PolicyVersion>`),
      ],
    });
    expect(value(await reader.ask({ kind: 'role', arn }))).toEqual({
      name: 'flow',
      arn,
      trustPolicy: '{"a":"%41"}',
      policies: [
        { name: 'P', arn: 'arn:aws:iam::aws:policy/P', document: '{"managed":1}' },
        { name: 'inline', document: '{"own":1}' },
      ],
      boundary: { arn: 'arn:aws:iam::aws:policy/B', document: '{"managed":1}' },
    });
    const versions = stub.asked.filter(({ operation }) => operation === 'GetPolicyVersion');
    expect(versions.map(({ input }) => input.VersionId)).toEqual(['v7', 'v7']);
  });

  const none = queryError(404, 'NoSuchEntity', 'The role with name flow cannot be found.');
  test('that is not there is null', async () => {
    const { reader } = await account({ GetRole: [none], ListAttachedRolePolicies: [none], ListRolePolicies: [none] });
    expect(await reader.ask({ kind: 'role', arn })).toEqual({ ok: true, value: null });
  });

  test('of another account, with the same name here, is null', async () => {
    const empty = {
      ListAttachedRolePolicies: [answer('ListAttachedRolePolicies', '<AttachedPolicies/>')],
      ListRolePolicies: [answer('ListRolePolicies', '<PolicyNames/>')],
    };
    const { reader } = await account({ GetRole: [role], ...empty });
    expect(value(await reader.ask({ kind: 'role', arn: 'arn:aws:iam::999999999999:role/lab/flow' }))).toBeNull();
  });

  test('of which a part may not be read cannot be read', async () => {
    const denied = queryError(403, 'AccessDenied', 'no');
    const { reader } = await account({
      GetRole: [role],
      ListAttachedRolePolicies: [denied],
      ListRolePolicies: [answer('ListRolePolicies', '<PolicyNames/>')],
    });
    expect(unread(await reader.ask({ kind: 'role', arn }))).toMatchObject({
      reason: 'denied',
      action: 'iam:ListAttachedRolePolicies',
    });
  });
});
