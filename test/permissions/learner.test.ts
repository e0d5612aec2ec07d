/** `labproof policy --for learner` and `--cloudformation`: the lab done and graded, with exactly these permissions. */
import { STS } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { gradingTemplate } from '../../src/run/grading-role.ts';
import { checkerPermissions, learnerPermissions } from '../../src/run/permissions.ts';
import { policyDocument } from '../../src/run/policy.ts';
import { clientsOf, refusal, there } from '../sandbox/clients.ts';
import { type Credentials, checks, type Enforcing, enforcing, lab, verdictsOf } from './account.ts';

let account: Enforcing;
let learner: Credentials;
beforeAll(async () => {
  account = await enforcing();
  learner = await account.user('learner', policyDocument(learnerPermissions(lab, checks), 'aws'));
  await account.solveAs(learner);
}, 60_000);
afterAll(() => account.close());

test('a learner with the policy does the whole lab and verifies it: every check passes', async () => {
  expect(new Set(Object.values(verdictsOf(await account.verifyAs(learner))))).toEqual(new Set(['pass']));
});

test.each<[string, string, (clients: ReturnType<typeof clientsOf>) => Promise<unknown>]>([
  [
    'attach a policy of AWS that the lab does not name',
    'iam:AttachRolePolicy',
    ({ iam }) =>
      iam.attachRolePolicy({ RoleName: 'labproof-ssm', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
  ],
  ['delete roles of others', 'iam:DeleteRole', ({ iam }) => iam.deleteRole({ RoleName: 'someone-else' })],
  ['make users', 'iam:CreateUser', ({ iam }) => iam.createUser({ UserName: 'me' })],
  ['delete log groups of others', 'logs:DeleteLogGroup', ({ logs }) => logs.deleteLogGroup({ logGroupName: 'prod' })],
])('and may not %s', async (_what, action, call) => {
  const { code, message } = await refusal(call(clientsOf(account.url, learner.accessKeyId)));
  expect(code).toMatch(/AccessDenied/);
  expect(message).toContain(action);
});

describe('the grading role', () => {
  const INSTRUCTOR = '210987654321';
  const RoleArn = 'arn:aws:iam::123456789012:role/labproof-grader';
  const ExternalId = 'class-7/ada';
  const sts = () =>
    new STS({
      endpoint: account.url,
      region: 'us-east-1',
      credentials: { accessKeyId: INSTRUCTOR, secretAccessKey: 'test' },
    });
  const assume = (given: object) => sts().assumeRole({ RoleArn, RoleSessionName: 'grading', ...given });

  test('lets nobody in without the external id', async () => {
    await deploy({ TrustedPrincipal: INSTRUCTOR, ExternalId, AllowPing: 'false' });
    expect(await refusal(assume({}))).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(await refusal(assume({ ExternalId: 'class-7/bob' }))).toMatchObject({ code: 'AccessDenied' });
  });

  test('lets the instructor verify with it, who sees that every check passes', async () => {
    const { Credentials: given } = await assume({ ExternalId });
    const session = {
      accessKeyId: there(given?.AccessKeyId),
      secretAccessKey: there(given?.SecretAccessKey),
      sessionToken: there(given?.SessionToken),
    };
    expect(new Set(Object.values(verdictsOf(await account.verifyAs(session))))).toEqual(new Set(['pass']));
  });

  test('runs no command on an instance unless the learner allows it', () => {
    const actions = (AllowPing: string) =>
      roleOf({ TrustedPrincipal: INSTRUCTOR, ExternalId, AllowPing }).Policies.flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.flatMap(({ Action }) => Action),
      );
    expect(actions('false')).not.toContain('ssm:SendCommand');
    expect(actions('true')).toEqual(expect.arrayContaining(['ssm:SendCommand', 'ssm:GetCommandInvocation']));
  });

  test('takes the external ids that STS takes', () => {
    const { ExternalId: parameter } = template.Parameters;
    expect(parameter).toMatchObject({ Type: 'String', MinLength: 2, MaxLength: 1224, NoEcho: false });
    const pattern = new RegExp(String(parameter?.AllowedPattern));
    expect(['a1', 'class-7/ada', 'x+=,.@:_'].every((id) => pattern.test(id))).toBe(true);
    expect(['a b', 'ü', '<id>'].some((id) => pattern.test(id))).toBe(false);
  });

  /** Does what CloudFormation would do with the template. */
  async function deploy(parameters: TemplateValues): Promise<void> {
    const { RoleName, AssumeRolePolicyDocument, Policies } = roleOf(parameters);
    await account.iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument) });
    for (const { PolicyName, PolicyDocument } of Policies)
      await account.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
  }
});

test('the learner may delete everything again', async () => {
  const { gaps, outcomes } = await account.cleanUpAs(learner);
  expect(gaps).toEqual([]);
  expect(outcomes.filter(({ status }) => status !== 'deleted' && status !== 'gone')).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(15);
});

test('both policies fit where they are put: a managed policy, and that of the checker a user, too', () => {
  // IAM User Guide, "IAM and AWS STS quotas": without white space.
  const size = (permissions: Parameters<typeof policyDocument>[0]) =>
    JSON.stringify(policyDocument(permissions, 'aws-us-gov')).length;
  expect(size(learnerPermissions(lab, checks))).toBeLessThan(6144);
  expect(size(checkerPermissions(lab, checks))).toBeLessThan(2048);
});

const templateShape = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09'),
  Description: z.string().max(1024).includes('CAPABILITY_NAMED_IAM'),
  Parameters: z.record(z.string(), z.looseObject({ Type: z.literal('String'), Description: z.string() })),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.strictObject({
    GradingRole: z.strictObject({ Type: z.literal('AWS::IAM::Role'), Properties: z.unknown() }),
  }),
  Outputs: z.strictObject({
    RoleArn: z.looseObject({
      Value: z.strictObject({ 'Fn::GetAtt': z.tuple([z.literal('GradingRole'), z.literal('Arn')]) }),
    }),
  }),
});
const roleShape = z.looseObject({
  RoleName: z.string(),
  AssumeRolePolicyDocument: z.looseObject({ Version: z.literal('2012-10-17') }),
  Policies: z.array(
    z.strictObject({
      PolicyName: z.string(),
      PolicyDocument: z.looseObject({
        Version: z.literal('2012-10-17'),
        Statement: z.array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) })),
      }),
    }),
  ),
});
// YAML 1.1 is what CloudFormation reads: a date without quotes would be none of these strings.
const template = templateShape.parse(parse(gradingTemplate(lab, checks), { version: '1.1' }));

type TemplateValues = Readonly<Record<'TrustedPrincipal' | 'ExternalId' | 'AllowPing', string>>;

function roleOf(parameters: TemplateValues) {
  const values: Readonly<Record<string, unknown>> = {
    RoleName: template.Parameters.RoleName?.Default,
    'AWS::Partition': 'aws',
    ...parameters,
  };
  return roleShape.parse(resolved(template.Resources.GradingRole.Properties, values));
}

const NO_VALUE = Symbol('AWS::NoValue');

/** CloudFormation's functions, as far as the template uses them (CloudFormation User Guide, "Intrinsic function reference"). */
function resolved(value: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, values)).filter((each) => each !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', argument] = [], ...more] = Object.entries(value);
  if (more.length === 0 && name === 'Ref') {
    if (argument === 'AWS::NoValue') return NO_VALUE;
    return there(values[String(argument)]);
  }
  if (more.length === 0 && name === 'Fn::Sub')
    return String(argument).replace(/\$\{([\w:]+)\}/g, (_, key: string) => String(there(values[key])));
  if (more.length === 0 && name === 'Fn::Equals') {
    const [one, other] = resolved(argument, values) as unknown[];
    return one === other;
  }
  if (more.length === 0 && name === 'Fn::If') {
    const [condition, yes, no] = argument as [string, unknown, unknown];
    return resolved(resolved(template.Conditions[condition], values) ? yes : no, values);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, values)]));
}
