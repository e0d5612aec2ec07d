import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decision, evaluate, trusts } from '../../../src/model/iam/evaluate.ts';
import { type Policy, parsePolicy } from '../../../src/model/iam/policy.ts';

const STREAM = 'arn:aws:logs:us-east-1:123456789012:log-group:lab:log-stream:eni-1-all';

function policy(...statements: object[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.policy;
}
const allow = (rest: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...rest });
const deny = (rest: object = {}) => ({ Effect: 'Deny', Action: '*', Resource: '*', ...rest });

function put(
  policies: readonly Policy[],
  boundary?: Policy,
  context: Record<string, string> = {},
): Decision['decision'] {
  const request = { policies, action: 'logs:PutLogEvents', resource: STREAM, context };
  return evaluate({ ...request, ...(boundary && { boundary }) }).decision;
}

describe('one statement', () => {
  test.each<[string, object, Decision['decision']]>([
    ['everything', allow(), 'allowed'],
    ['all of the service', allow({ Action: 'logs:*' }), 'allowed'],
    ['the action in another case', allow({ Action: 'LOGS:putlogevents' }), 'allowed'],
    ['a wildcard inside', allow({ Action: ['logs:Create*', 'logs:P?t*'] }), 'allowed'],
    ['another action', allow({ Action: 'logs:PutLogEvent' }), 'implicitDeny'],
    ['everything but IAM', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, 'allowed'],
    ['everything but logs', { Effect: 'Allow', NotAction: ['logs:*'], Resource: '*' }, 'implicitDeny'],
    ['the log group with :*', allow({ Resource: 'arn:aws:logs:*:123456789012:log-group:lab:*' }), 'allowed'],
    [
      'the log group without :*',
      allow({ Resource: 'arn:aws:logs:us-east-1:123456789012:log-group:lab' }),
      'implicitDeny',
    ],
    ['another log group', allow({ Resource: 'arn:aws:logs:us-east-1:123456789012:log-group:other:*' }), 'implicitDeny'],
    ['another Region', allow({ Resource: 'arn:aws:logs:eu-west-1:*:*' }), 'implicitDeny'],
    ['resources in another case', allow({ Resource: STREAM.toUpperCase() }), 'implicitDeny'],
    ['every resource but this', { Effect: 'Allow', Action: '*', NotResource: STREAM }, 'implicitDeny'],
    ['every resource but another', { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::*' }, 'allowed'],
    [
      'a variable that is not known',
      allow({ Resource: 'arn:aws:logs:us-east-1:123456789012:log-group:${aws:username}:*' }),
      'undecided',
    ],
    [
      'a variable that is not known, with a default that fits',
      allow({ Resource: "arn:aws:logs:us-east-1:123456789012:log-group:${aws:PrincipalTag/group, 'lab'}:*" }),
      'undecided',
    ],
    ['a Deny', deny(), 'explicitDeny'],
  ])('that names %s', (_, statement, expected) => expect(put([policy(statement)])).toBe(expected));

  test('that names a variable takes it to the letter in documents of the old version', () => {
    const parsed = parsePolicy(JSON.stringify({ Statement: allow({ Resource: '${aws:username}' }) }));
    expect(parsed.ok && put([parsed.policy])).toBe('implicitDeny');
  });
  test('that names a known variable is decided', () => {
    const own = policy(allow({ Resource: 'arn:aws:logs:*:${aws:PrincipalAccount}:log-group:lab:*' }));
    expect(put([own], undefined, { 'aws:PrincipalAccount': '123456789012' })).toBe('allowed');
    expect(put([own], undefined, { 'aws:PrincipalAccount': '999999999999' })).toBe('implicitDeny');
  });
});

describe('several policies', () => {
  const open = { Bool: { 'aws:SecureTransport': 'true' } };
  test.each<[string, Policy[], Decision['decision']]>([
    ['none', [], 'implicitDeny'],
    ['an Allow split over two', [policy(allow({ Action: 's3:*' })), policy(allow({ Action: 'logs:*' }))], 'allowed'],
    ['a Deny in another one', [policy(allow()), policy(deny({ Action: 'logs:Put*' }))], 'explicitDeny'],
    ['a Deny before the Allow', [policy(deny(), allow())], 'explicitDeny'],
    ['a Deny of something else', [policy(allow(), deny({ Action: 's3:*' }))], 'allowed'],
    ['a Deny that may apply', [policy(allow(), deny({ Condition: open }))], 'undecided'],
    ['an Allow that may apply', [policy(allow({ Condition: open }))], 'undecided'],
    ['an Allow that may apply beside one that does', [policy(allow({ Condition: open }), allow())], 'allowed'],
    ['a Deny that may apply where nothing allows', [policy(deny({ Condition: open }))], 'implicitDeny'],
    ['a Deny that does apply beside one that may', [policy(deny({ Condition: open }), deny())], 'explicitDeny'],
  ])('with %s', (_, policies, expected) => expect(put(policies)).toBe(expected));

  test.each<[string, Policy, Policy, Decision['decision']]>([
    ['that allows as well', policy(allow()), policy(allow()), 'allowed'],
    ['without the action', policy(allow()), policy(allow({ Action: 'ec2:*' })), 'implicitDeny'],
    ['that denies', policy(allow()), policy(allow(), deny({ Action: 'logs:*' })), 'explicitDeny'],
    ['that may allow', policy(allow()), policy(allow({ Condition: open })), 'undecided'],
    ['that allows what the role does not', policy(), policy(allow()), 'implicitDeny'],
  ])('under a boundary %s', (_, own, boundary, expected) => expect(put([own], boundary)).toBe(expected));
});

describe('a condition', () => {
  const context = {
    'aws:SourceAccount': '123456789012',
    'aws:SourceArn': 'arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/fl-1',
  };
  test.each<[string, object, Decision['decision']]>([
    ['StringEquals', { StringEquals: { 'aws:SourceAccount': '123456789012' } }, 'allowed'],
    ['StringEquals of another value', { StringEquals: { 'aws:SourceAccount': '999999999999' } }, 'implicitDeny'],
    ['one of several values', { StringEquals: { 'aws:SourceAccount': ['999999999999', '123456789012'] } }, 'allowed'],
    ['a key in another case', { StringEquals: { 'AWS:sourceaccount': '123456789012' } }, 'allowed'],
    ['StringEquals takes no wildcards', { StringEquals: { 'aws:SourceAccount': '1234*' } }, 'implicitDeny'],
    ['StringLike does', { StringLike: { 'aws:SourceAccount': '1234*' } }, 'allowed'],
    ['StringNotEquals', { StringNotEquals: { 'aws:SourceAccount': '999999999999' } }, 'allowed'],
    [
      'StringNotEquals of any of the values',
      { StringNotEquals: { 'aws:SourceAccount': ['9', '123456789012'] } },
      'implicitDeny',
    ],
    ['IfExists where it exists', { StringEqualsIfExists: { 'aws:SourceAccount': '9' } }, 'implicitDeny'],
    ['IfExists where that is not known', { StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } }, 'undecided'],
    ['ArnLike', { ArnLike: { 'aws:SourceArn': 'arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*' } }, 'allowed'],
    [
      'ArnEquals with a wildcard',
      { ArnEquals: { 'aws:SourceArn': 'arn:aws:ec2:*:123456789012:vpc-flow-log/fl-?' } },
      'allowed',
    ],
    ['ArnLike part by part', { ArnLike: { 'aws:SourceArn': 'arn:aws:*/fl-1' } }, 'implicitDeny'],
    [
      'ArnLike of another Region',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:ec2:eu-west-1:123456789012:*' } },
      'implicitDeny',
    ],
    ['ArnNotLike', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }, 'allowed'],
    ['a key that is not known', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, 'undecided'],
    ['an operator that IAM does not have', { StringSounds: { 'aws:SourceAccount': '123456789012' } }, 'undecided'],
    [
      'one that is surely not met beside one that is not known',
      { StringEquals: { 'aws:SourceAccount': '9' }, IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      'implicitDeny',
    ],
    [
      'two that are met',
      { StringEquals: { 'aws:SourceAccount': '123456789012' }, StringLike: { 'aws:SourceArn': '*fl-1' } },
      'allowed',
    ],
  ])('%s', (_, condition, expected) => {
    expect(put([policy(allow({ Condition: condition }))], undefined, context)).toBe(expected);
  });
});

describe('a trust policy', () => {
  const service = 'vpc-flow-logs.amazonaws.com';
  const trust = (rest: object) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...rest });
  test.each<[string, object[], Decision['decision']]>([
    ['the service', [trust({ Principal: { Service: service } })], 'allowed'],
    ['the service among others', [trust({ Principal: { Service: ['ec2.amazonaws.com', service] } })], 'allowed'],
    ['everyone', [trust({ Principal: '*' })], 'allowed'],
    ['every account, which means everyone', [trust({ Principal: { AWS: '*' } })], 'allowed'],
    ['another service', [trust({ Principal: { Service: 'ec2.amazonaws.com' } })], 'implicitDeny'],
    [
      'the delivery service of other logs',
      [trust({ Principal: { Service: 'delivery.logs.amazonaws.com' } })],
      'implicitDeny',
    ],
    ['an account', [trust({ Principal: { AWS: '123456789012' } })], 'implicitDeny'],
    ['nobody', [], 'implicitDeny'],
    [
      'the service for another action',
      [trust({ Principal: { Service: service }, Action: 'sts:TagSession' })],
      'implicitDeny',
    ],
    ['the service for all of STS', [trust({ Principal: { Service: service }, Action: 'sts:*' })], 'allowed'],
    ['the service, denied', [trust({ Principal: { Service: service }, Effect: 'Deny' })], 'explicitDeny'],
    [
      'the service, and a Deny for everyone',
      [trust({ Principal: { Service: service } }), trust({ Principal: '*', Effect: 'Deny' })],
      'explicitDeny',
    ],
    [
      'the service, and a Deny for others',
      [trust({ Principal: { Service: service } }), trust({ NotPrincipal: { Service: service }, Effect: 'Deny' })],
      'undecided',
    ],
  ])('that names %s', (_, statements, expected) => {
    expect(trusts(policy(...statements), { service, context: {} }).decision).toBe(expected);
  });

  test('says what decided', () => {
    const decision = trusts(policy(trust({ Sid: 'NotMe', Principal: '*', Effect: 'Deny' })), { service, context: {} });
    expect(decision).toMatchObject({
      because: 'statement "NotMe" denies sts:AssumeRole by vpc-flow-logs.amazonaws.com',
      statement: { sid: 'NotMe' },
    });
  });
});

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.constantFrom('*', 'logs:*', 's3:*', ['logs:Put*', 'ec2:*']),
  Resource: fc.constantFrom('*', STREAM, 'arn:aws:s3:::*', '${aws:username}'),
  Condition: fc.constantFrom(
    {},
    { StringEquals: { 'aws:SourceAccount': '1' } },
    { Bool: { 'aws:SecureTransport': 'true' } },
  ),
});
const documents = fc.array(
  fc.array(statement, { maxLength: 3 }).map((some) => policy(...some)),
  { maxLength: 3 },
);

test('a Deny that applies is never outweighed, wherever it stands and whatever else is there', () => {
  fc.assert(
    fc.property(
      documents,
      documents,
      fc.option(documents.map(([first]) => first ?? policy())),
      (before, after, boundary) => {
        expect(put([...before, policy(deny({ Action: 'logs:PutLogEvents' })), ...after], boundary ?? undefined)).toBe(
          'explicitDeny',
        );
      },
    ),
  );
});

test('one more Allow never takes away, one more Deny never gives, and the order never matters', () => {
  const order: Decision['decision'][] = ['explicitDeny', 'implicitDeny', 'undecided', 'allowed'];
  const level = (policies: Policy[]) => order.indexOf(put(policies, undefined, { 'aws:SourceAccount': '1' }));
  fc.assert(
    fc.property(documents, statement, (policies, more) => {
      const added = level([...policies, policy(more)]);
      if (more.Effect === 'Allow') expect(added).toBeGreaterThanOrEqual(level(policies));
      else expect(added).toBeLessThanOrEqual(level(policies));
      expect(level([policy(more), ...policies.toReversed()])).toBe(added);
    }),
  );
});

/** IAM User Guide: Condition operators, ...IfExists, Null, Multivalued context keys, Policy variables. */
describe('where all of a request is known', () => {
  const context = {
    'aws:SourceIp': '203.0.113.9',
    'aws:SecureTransport': 'false',
    'aws:CurrentTime': '2026-11-23T10:00:00Z',
    'aws:MultiFactorAuthAge': '300',
    'aws:TagKeys': ['lab', 'team'],
    'aws:PrincipalTag/team': 'a*',
  };
  const resource = (Resource: string) => ({ Resource });
  const when = (Condition: object) => ({ Condition });
  test.each<[string, object, 'allowed' | 'implicitDeny']>([
    ['StringEquals of a key that is not set', when({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }), 'implicitDeny'],
    ['StringNotEquals of a key that is not set', when({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }), 'allowed'],
    ['IfExists of a key that is not set', when({ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } }), 'allowed'],
    ['Null true of a key that is not set', when({ Null: { 'aws:SourceVpc': 'true' } }), 'allowed'],
    ['Null false of a key that is not set', when({ Null: { 'aws:SourceVpc': 'false' } }), 'implicitDeny'],
    ['Null false of a key that is set', when({ Null: { 'aws:SourceIp': 'false' } }), 'allowed'],
    ['Bool', when({ Bool: { 'aws:SecureTransport': 'false' } }), 'allowed'],
    ['IpAddress', when({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } }), 'allowed'],
    ['NotIpAddress', when({ NotIpAddress: { 'aws:SourceIp': '203.0.113.9' } }), 'implicitDeny'],
    ['NumericLessThan', when({ NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }), 'allowed'],
    [
      'NumericGreaterThanEquals',
      when({ NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': '301' } }),
      'implicitDeny',
    ],
    ['DateLessThan', when({ DateLessThan: { 'aws:CurrentTime': '2026-11-24T00:00:00Z' } }), 'allowed'],
    ['DateGreaterThan in epoch seconds', when({ DateGreaterThan: { 'aws:CurrentTime': '1700000000' } }), 'allowed'],
    ['ForAnyValue', when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team', 'cost'] } }), 'allowed'],
    ['ForAllValues', when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] } }), 'implicitDeny'],
    ['ForAllValues that fit', when({ 'ForAllValues:StringLike': { 'aws:TagKeys': ['t*', 'l*'] } }), 'allowed'],
    ['ForAllValues of a key that is not set', when({ 'ForAllValues:StringEquals': { 'x:y': 'z' } }), 'allowed'],
    ['ForAnyValue of a key that is not set', when({ 'ForAnyValue:StringEquals': { 'x:y': 'z' } }), 'implicitDeny'],
    [
      'a variable whose value has a star, which is no wildcard',
      resource('arn:aws:s3:::${aws:PrincipalTag/team}'),
      'implicitDeny',
    ],
    ['a variable that is not set', resource('arn:aws:s3:::${aws:PrincipalTag/cost}*'), 'implicitDeny'],
    [
      'a variable that is not set, with its default',
      resource("arn:aws:s3:::${aws:PrincipalTag/cost, 'abc'}"),
      'allowed',
    ],
    ['a star to the letter', resource('arn:aws:s3:::ab${*}'), 'implicitDeny'],
  ])('%s', (_, rest, expected) => {
    const request = { action: 's3:ListBucket', resource: 'arn:aws:s3:::abc', context, missing: 'unset' as const };
    expect(evaluate({ policies: [policy(allow(rest))], ...request }).decision).toBe(expected);
  });
});

/** IAM User Guide, "IAM JSON policy elements: Condition operators": what each of them compares. */
describe('of the values below, at and above the written one', () => {
  const fitting = (operator: string, written: string, values: readonly string[]) =>
    values.filter(
      (value) =>
        put([policy(allow({ Condition: { [operator]: { 'aws:MultiFactorAuthAge': written } } }))], undefined, {
          'aws:MultiFactorAuthAge': value,
        }) === 'allowed',
    );
  const rows: [operator: string, fits: ('below' | 'at' | 'above')[]][] = [
    ['Equals', ['at']],
    ['NotEquals', ['below', 'above']],
    ['LessThan', ['below']],
    ['LessThanEquals', ['below', 'at']],
    ['GreaterThan', ['above']],
    ['GreaterThanEquals', ['at', 'above']],
  ];
  test.each(rows)('Numeric%s takes %j', (operator, fits) => {
    const values = { below: '9', at: '10.0', above: '11' };
    const expected = fits.map((name) => values[name]);
    expect(fitting(`Numeric${operator}`, '10', Object.values(values))).toEqual(expected);
  });
  test.each(rows)('Date%s takes %j', (operator, fits) => {
    const values = { below: '2026-11-23T09:59:59Z', at: '1795428000', above: '2026-11-23T12:00:00+01:00' };
    const expected = fits.map((name) => values[name]);
    expect(fitting(`Date${operator}`, '2026-11-23T10:00:00Z', Object.values(values))).toEqual(expected);
  });
  test('what is no number or date fits nothing, and so what negates fits it', () => {
    expect(fitting('NumericLessThan', '10', ['ten', '', ' 9', '0x9', '-9', '9.5'])).toEqual(['-9', '9.5']);
    expect(fitting('NumericNotEquals', 'ten', ['10'])).toEqual(['10']);
    expect(fitting('DateGreaterThan', 'yesterday', ['2026-11-23T10:00:00Z'])).toEqual([]);
  });
  test('an address is in a range, of its own kind', () => {
    const ranges = ['10.0.0.0/8', '10.1.0.5', '10.1.0.4', '11.0.0.0/8', '::/0', '10.0.0.0/99', 'here'];
    const inRange = ranges.filter((range) => fitting('IpAddress', range, ['10.1.0.5']).length > 0);
    expect(inRange).toEqual(['10.0.0.0/8', '10.1.0.5']);
    expect(fitting('NotIpAddress', '10.0.0.0/8', ['10.1.0.5', '11.0.0.1'])).toEqual(['11.0.0.1']);
    expect(fitting('IpAddress', '10.0.0.0/8', ['nowhere'])).toEqual([]);
    expect(fitting('IpAddress', '2001:db8::/32', ['2001:db8::1', '2001:db9::1'])).toEqual(['2001:db8::1']);
    expect(fitting('IpAddress', '2001:db8::1', ['2001:db8::1', '2001:db8::2'])).toEqual(['2001:db8::1']);
  });
  test('text without regard to its case, only where the operator says so', () => {
    expect(fitting('StringEqualsIgnoreCase', 'Yes', ['yes', 'YES', 'no'])).toEqual(['yes', 'YES']);
    expect(fitting('Bool', 'True', ['true', 'false'])).toEqual(['true']);
    expect(fitting('BinaryEquals', 'QmFzZTY0', ['QmFzZTY0', 'qmfzzty0'])).toEqual(['QmFzZTY0']);
  });
});
