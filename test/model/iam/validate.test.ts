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
  ])('%s', (_, text, problem) => expect(policyProblem(text, 'managed')).toBe(problem));

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
