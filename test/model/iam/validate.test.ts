/** What IAM refuses: its own messages, as users of AWS report them; IAM User Guide, Grammar and quotas. */
import { describe, expect, test } from 'vitest';
import { statementSpans } from '../../../src/model/iam/positions.ts';
import { policyProblem } from '../../../src/model/iam/validate.ts';

const good = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::bucket' };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } };
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';

describe('a managed policy is refused for', () => {
  test.each<[string, string, string]>([
    ['no JSON', '{', SYNTAX],
    ['no statement', document(), SYNTAX],
    ['the old version', JSON.stringify({ Statement: good }), 'Policy document must be version 2012-10-17 or greater.'],
    ['Effect twice', document(good).replace('{"Effect"', '{"Effect":"Deny","Effect"'), SYNTAX],
    ['Action twice, once escaped', document(good).replace('"Action"', '"\\u0041ction":"s3:*","Action"'), SYNTAX],
    ['Statement twice', document(good).replace('"Statement"', '"Statement" : [],"Statement"'), SYNTAX],
    [
      'a condition key twice',
      document({ ...good, Condition: { StringLike: { 's3:prefix': 'a' } } }).replace(
        '{"s3:prefix"',
        '{"s3:prefix":["b"],"s3:prefix"',
      ),
      SYNTAX,
    ],
    ['an unknown element', document({ ...good, Resources: '*' }), SYNTAX],
    ['an unknown operator', document({ ...good, Condition: { 's3:prefix': { a: 'b' } } }), SYNTAX],
    ['Effect in small letters', document({ ...good, Effect: 'allow' }), LEGACY],
    [
      'a date that is none',
      document({ ...good, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-13-01' } } }),
      LEGACY,
    ],
    ['an ARN that is too short', document({ ...good, Resource: 'arn:aws:s3::bucket' }), LEGACY],
    [
      'a Sid twice',
      document({ ...good, Sid: 'a' }, { ...good, Sid: 'a' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    ['no action', document({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    ['no resource', document({ Effect: 'Allow', Action: '*' }), 'Policy statement must contain resources.'],
    [
      'a resource that is no ARN',
      document({ ...good, Resource: 'bucket' }),
      'Resource bucket must be in ARN format or "*".',
    ],
    [
      'a partition that is none',
      document({ ...good, Resource: 'arn:error:s3:::bucket' }),
      'Partition "error" is not valid for resource "arn:error:s3:::bucket".',
    ],
    [
      'a Region in an IAM resource',
      document({ ...good, Resource: 'arn:aws:iam:us-east-1::user/a' }),
      'IAM resource arn:aws:iam:us-east-1::user/a cannot contain region information.',
    ],
    [
      'an action without its service',
      document({ ...good, Action: 'ListBucket' }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'an action with two colons',
      document({ ...good, Action: 's3:List:Bucket' }),
      'Actions/Condition can contain only one colon.',
    ],
    ['a principal', document({ ...good, Principal: '*' }), 'Policy document should not specify a principal.'],
    ['a NotPrincipal', document({ ...good, NotPrincipal: '*' }), 'Policy document should not specify a principal.'],
    [
      'no action in the second',
      document(good, { Effect: 'Allow', Resource: '*' }),
      'Policy statement must contain actions.',
    ],
    [
      'no resource in the second',
      document(good, { Effect: 'Allow', Action: '*' }),
      'Policy statement must contain resources.',
    ],
    [
      'a Sid with a space',
      document({ ...good, Sid: 'my statement' }),
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
    ['a service with a space', document({ ...good, Action: 's 3:Get' }), 'Vendor s 3 is not valid'],
    [
      'a date in the second that is none',
      document(good, { ...good, Condition: { 'ForAnyValue:DateEquals': { 'aws:CurrentTime': ['2026', 'soon'] } } }),
      LEGACY,
    ],
  ])('%s', (_, text, problem) => expect(policyProblem(text, 'managed')).toBe(problem));

  /** IAM accepts `aws` and its like for a partition, and looks at the first two parts before it looks at the others. */
  test.each([
    ['adfasf:', 'Partition "" is not valid for resource "arn::*:*:*:*".'],
    ['arn:error:s3::bucket', 'Partition "error" is not valid for resource "arn:error:s3::bucket:*".'],
    ['arn:error:s3:::a:b', 'Partition "error" is not valid for resource "arn:error:s3:::a:b".'],
    ['arn:aws', 'Resource vendor must be fully qualified and cannot contain regexes.'],
    ['arn:aws:s3', 'Resource arn:aws:s3 can not contain region information.'],
    ['arn:aws:s3:us-east-1::bucket', 'Resource arn:aws:s3:us-east-1::bucket can not contain region information.'],
    ['arn:aws:s3:us-east-1:123456789012:accesspoint/mine', undefined],
    ['arn:aws:logs::bucket', LEGACY],
    ['arn:aws::us-east-1:123456789012:a', LEGACY],
    ['arn:aws:iam::123456789012:*', undefined],
    ['arn:aws:iam::123456789012:role/a/b', undefined],
    ['arn:aws:ec2:us-east-1:123456789012:vpc/*', undefined],
    ['arn:aws-cn:s3:::bucket', undefined],
    ['arn:*:s3:::bucket', undefined],
    ['*', undefined],
  ])('the resource %s, or not', (Resource, problem) => {
    expect(policyProblem(document({ ...good, Resource }), 'managed')).toBe(problem);
  });

  test('an IAM resource that is none of its kinds', () => {
    const Resource = ['arn:aws:iam::123456789012:user', 'arn:aws:iam::123456789012:users/a'];
    for (const each of Resource)
      expect(policyProblem(document({ ...good, Resource: each }), 'managed')).toMatch(
        /^IAM resource path must either be "\*" or start with user\/, federated-user\/, role\/, /,
      );
  });

  /** ISO 8601, from the year alone to fractions of a second, or the seconds since 1970. */
  test.each([
    ['2026', true],
    ['2026-11', true],
    ['2026-11-3', true],
    ['2026-11-23', true],
    ['2026-01-30', true],
    ['2026-12-31T09', true],
    ['2026-11-23T10:05', true],
    ['2026-11-23T20:05:59', true],
    ['2026-11-23T23:05:59.123456789Z', true],
    ['2026-11-23t10:05:59+01:00', true],
    ['2026-11-23T10:05:59+0130', true],
    ['2026-11-23T10:05:59+23', true],
    ['-2026-11-23', true],
    ['1795428000', true],
    ['9223372036854775807', true],
    ['9223372036854775808', false],
    ['12345678901234567890', false],
    ['', false],
    ['2026-13', false],
    ['2026-00', false],
    ['2026-11-32', false],
    ['2026-11-23T24', false],
    ['2026-11-23T10:60', false],
    ['2026-11-23T10:05:60', false],
    ['2026-11-23T10:05:59.1234567890', false],
    ['2026-11-23T10:05:59+24:00', false],
    ['2026-11-23T10:05:59+01:60', false],
    ['2026-11-23T10:05:59Z.', false],
    ['on 2026-11-23', false],
    ['12 o clock', false],
  ])('the date %j, or not', (value, isRight) => {
    const text = document({ ...good, Condition: { DateLessThan: { 'aws:CurrentTime': value } } });
    expect(policyProblem(text, 'managed')).toBe(isRight ? undefined : LEGACY);
  });

  test.each([
    ['StringEquals', true],
    ['StringNotEqualsIgnoreCaseIfExists', true],
    ['ForAllValues:StringNotLike', true],
    ['NumericGreaterThanEquals', true],
    ['NumericLessThanIfExists', true],
    ['NotIpAddress', true],
    ['ArnNotEquals', true],
    ['Null', true],
    ['Numeric', false],
    ['NumericThan', false],
    ['StringEqual', false],
    ['MyStringEquals', false],
    ['ForEach:StringLike', false],
  ])('the operator %s, or not', (operator, isKnown) => {
    const text = document({ ...good, Condition: { [operator]: { 's3:prefix': '1' } } });
    expect(policyProblem(text, 'managed')).toBe(isKnown ? undefined : SYNTAX);
  });

  test('nothing else', () => {
    expect(policyProblem(document(good, { ...good, Sid: '' }), 'managed')).toBeUndefined();
    expect(policyProblem(JSON.stringify({ Statement: good }), 'inline')).toBeUndefined();
  });

  test('nor for a key that stands in two blocks, or is a value', () => {
    const prefixes = { 's3:prefix': ['s3:prefix', 's3:prefix', '"a":'] };
    const Condition = { StringLike: prefixes, StringNotLike: prefixes };
    expect(policyProblem(document({ ...good, Condition }, good), 'managed')).toBeUndefined();
  });
});

describe('a trust policy is refused for', () => {
  test.each<[string, object, string | undefined]>([
    ['nothing', trust, undefined],
    ['no principal', { ...trust, Principal: undefined }, 'Missing required field Principal'],
    ['a resource', { ...trust, Resource: '*' }, 'Has prohibited field Resource'],
    ['another action', { ...trust, Action: 's3:*' }, 'AssumeRole policy may only specify STS AssumeRole actions.'],
    [
      'half an ARN',
      { ...trust, Principal: { AWS: 'arn:aws:iam::12:root' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::12:root"',
    ],
    [
      'one action of several',
      { ...trust, Action: ['sts:AssumeRole', 's3:*'] },
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    ['a resource that it excludes', { ...trust, NotResource: '*' }, 'Has prohibited field Resource'],
    ['nothing, where everyone may', { ...trust, Principal: '*' }, undefined],
    [
      'nothing, where it names who may not',
      { ...trust, Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '123456789012' } },
      undefined,
    ],
    ...[
      '*',
      '123456789012',
      'arn:aws-cn:iam::123456789012:root',
      'arn:aws:iam::123456789012:user/division/anna',
      'arn:aws:sts::123456789012:assumed-role/role/session',
      'AIDAJQABLZS4A3QDU576Q',
      'AROAJQABLZS4A3QDU576Q',
    ].map((AWS): [string, object, undefined] => [
      `nothing in the principal ${AWS}`,
      { ...trust, Principal: { AWS } },
      undefined,
    ]),
    ...[
      '12345678901',
      'anna',
      'arn:aws:iam::123456789012:user/',
      'arn:aws:s3::123456789012:root',
      'ABDAJQABLZS4A3QDU576Q',
      'an AIDAJQ',
    ].map((AWS): [string, object, string] => [
      `the principal ${AWS}`,
      { ...trust, Principal: { AWS } },
      `Invalid principal in policy: "AWS":"${AWS}"`,
    ]),
    ...[
      'ec2.amazonaws.com.cn',
      'lambda.us-east-1.amazonaws.com',
      'a.b.c.amazonaws.com',
      'ecs.aws.internal',
      'alexa-appkit.amazon.com',
    ].map((Service): [string, object, undefined] => [
      `nothing in the service ${Service}`,
      { ...trust, Principal: { Service } },
      undefined,
    ]),
    ...[
      'ec2.amazonaws.com.de',
      'ec2.example.com',
      'amazonaws.com',
      'a b.amazonaws.com',
      'alexa-a.amazon.com.x',
      'x-alexa-a.amazon.com',
    ].map((Service): [string, object, string] => [
      `the service ${Service}`,
      { ...trust, Principal: { Service } },
      `Invalid principal in policy: "SERVICE":"${Service}"`,
    ]),
    ['no service', { ...trust, Principal: { Service: 'ec2' } }, 'Invalid principal in policy: "SERVICE":"ec2"'],
  ])('%s', (_, statement, problem) => expect(policyProblem(document(statement), 'trust')).toBe(problem));
});

/** The places that AWS's simulations tell for AdministratorAccess and for one-line documents. */
test('a statement stands from behind the bracket before it to behind its own brace', () => {
  const administrator =
    '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      "Action": "*",\n      "Resource": "*"\n    }\n  ]\n}';
  expect(statementSpans(administrator)).toEqual([{ start: { line: 3, column: 17 }, end: { line: 8, column: 6 } }]);
  const two = document({ ...good, Sid: 'a]}' }, { ...good, Condition: { StringLike: { 'a:b': ['x'] } } });
  const second = two.indexOf(',{"Effect"') + 2;
  expect(statementSpans(two)).toEqual([
    { start: { line: 1, column: 38 }, end: { line: 1, column: second - 1 } },
    { start: { line: 1, column: second }, end: { line: 1, column: two.length - 1 } },
  ]);
  expect(statementSpans(JSON.stringify({ Statement: good }))).toHaveLength(1);
});
