import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../src/model/iam/policy.ts';

const read = (document: unknown) => parsePolicy(JSON.stringify(document));

describe('a policy document', () => {
  test('may have one statement or many, and single texts or lists', () => {
    const one = read({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'logs:*', Resource: '*' } });
    const many = read({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['logs:*'], Resource: ['*'] }] });
    expect(one).toEqual(many);
    expect(one).toMatchObject({
      ok: true,
      policy: { version: '2012-10-17', statements: [{ actions: { not: false, patterns: ['logs:*'] } }] },
    });
  });

  test('without a version is of the old one', () => {
    expect(read({ Statement: [] })).toEqual({ ok: true, policy: { version: '2008-10-17', statements: [] } });
  });

  test('may have every kind of principal', () => {
    const trust = (Principal: unknown) => read({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal } });
    const principals = (parsed: ReturnType<typeof read>) => parsed.ok && parsed.policy.statements[0]?.principals;
    expect(principals(trust('*'))).toEqual({ not: false, everyone: true, services: [], aws: [] });
    expect(
      principals(
        trust({
          AWS: ['arn:aws:iam::123456789012:root'],
          Federated: 'accounts.google.com',
          Service: 'ec2.amazonaws.com',
        }),
      ),
    ).toEqual({
      not: false,
      everyone: false,
      services: ['ec2.amazonaws.com'],
      aws: ['arn:aws:iam::123456789012:root'],
    });
    expect(trust('everyone').ok).toBe(false);
  });

  test('may give conditions as texts, numbers and truth values', () => {
    const parsed = read({
      Statement: {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 's3:max-keys': [10] } },
      },
    });
    expect(parsed.ok && parsed.policy.statements[0]?.conditions).toEqual([
      { operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] },
      { operator: 'NumericLessThan', key: 's3:max-keys', values: ['10'] },
    ]);
  });
});

describe('what is no policy document is refused, with the place', () => {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  test.each<[string, string, string]>([
    ['no JSON', '{', 'it is not JSON'],
    ['no object', '[]', 'document: '],
    ['no statement', '{}', 'Statement.0: '],
    [
      'an effect in the wrong case',
      JSON.stringify({ Statement: [{ ...statement, Effect: 'allow' }] }),
      'Statement.0.Effect: ',
    ],
    [
      'no action',
      JSON.stringify({ Statement: [statement, { Effect: 'Allow', Resource: '*' }] }),
      'Statement.1: needs either Action or NotAction',
    ],
    [
      'both kinds of action',
      JSON.stringify({ Statement: [{ ...statement, NotAction: '*' }] }),
      'needs either Action or NotAction',
    ],
    ['a misspelt element', JSON.stringify({ Statement: [{ ...statement, Resources: '*' }] }), '"Resources"'],
    ['an invented version', JSON.stringify({ Version: '2012-10-18', Statement: [] }), 'Version: '],
  ])('%s', (_, json, message) => {
    expect(parsePolicy(json)).toEqual({ ok: false, message: expect.stringContaining(message) });
    expect(parsePolicy(json)).not.toEqual({ ok: false, message: expect.stringContaining('\n') });
  });
});
