/** Policy simulations through the SDK: IAM API Reference, SimulatePrincipalPolicy, EvaluationResult; answers as AWS gives them. */
import type { ContextEntry, EvaluationResult, IAM } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { trust } from '../lab-world.ts';

let sandbox: Served;
let iam: IAM;
beforeEach(async () => {
  sandbox = await serve();
  iam = sandbox.iam;
});
afterEach(() => sandbox.close());

const allow = (Action: string | string[], rest: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...rest });
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const Condition = { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } };
const region = (value: string): ContextEntry => ({
  ContextKeyName: 'aws:requestedregion',
  ContextKeyType: 'string',
  ContextKeyValues: [value],
});

describe('SimulateCustomPolicy answers', () => {
  it.each<[string, string[], ContextEntry[], Partial<EvaluationResult>]>([
    [
      'allowed, with the statement and its place',
      [document(allow('ec2:DescribeVpcs'))],
      [],
      {
        EvalDecision: 'allowed',
        EvalResourceName: '*',
        MatchedStatements: [
          {
            SourcePolicyId: 'PolicyInputList.1',
            SourcePolicyType: 'IAM Policy' as 'none',
            StartPosition: { Line: 1, Column: 38 },
            EndPosition: { Line: 1, Column: 99 },
          },
        ],
      },
    ],
    ['implicitDeny', [document(allow('logs:*'))], [], { EvalDecision: 'implicitDeny', MatchedStatements: [] }],
    [
      'explicitDeny, with the Deny only',
      [document(allow('*')), document({ ...allow('ec2:*'), Effect: 'Deny' })],
      [],
      {
        EvalDecision: 'explicitDeny',
        MatchedStatements: [expect.objectContaining({ SourcePolicyId: 'PolicyInputList.2' })],
      },
    ],
    [
      'implicitDeny where a key is not given, and names it',
      [document(allow('ec2:*', { Condition }))],
      [],
      { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:RequestedRegion'] },
    ],
    [
      'allowed where the key is given',
      [document(allow('ec2:*', { Condition }))],
      [region('us-east-1')],
      { EvalDecision: 'allowed', MissingContextValues: [] },
    ],
    [
      'implicitDeny where it is another',
      [document(allow('ec2:*', { Condition }))],
      [region('eu-west-1')],
      { EvalDecision: 'implicitDeny' },
    ],
  ])('%s', async (_what, PolicyInputList, ContextEntries, expected) => {
    const { EvaluationResults, IsTruncated } = await iam.simulateCustomPolicy({
      PolicyInputList,
      ActionNames: ['ec2:DescribeVpcs'],
      ContextEntries,
    });
    expect(EvaluationResults).toEqual([expect.objectContaining({ EvalActionName: 'ec2:DescribeVpcs', ...expected })]);
    expect(IsTruncated).toBe(false);
  });

  it('one result an action, with one for each resource in it, page by page', async () => {
    const ResourceArns = ['arn:aws:s3:::lab', 'arn:aws:s3:::other'];
    const request = {
      PolicyInputList: [document(allow('s3:ListBucket', { Resource: ResourceArns[0] }))],
      ActionNames: ['s3:ListBucket', 's3:GetObject'],
      ResourceArns,
    };
    const first = await iam.simulateCustomPolicy({ ...request, MaxItems: 1 });
    expect(first).toMatchObject({
      IsTruncated: true,
      EvaluationResults: [
        {
          EvalActionName: 's3:ListBucket',
          ResourceSpecificResults: [
            { EvalResourceName: ResourceArns[0], EvalResourceDecision: 'allowed', MatchedStatements: [{}] },
            { EvalResourceName: ResourceArns[1], EvalResourceDecision: 'implicitDeny', MatchedStatements: [] },
          ],
        },
      ],
    });
    const second = await iam.simulateCustomPolicy({ ...request, Marker: first.Marker });
    expect(second.EvaluationResults).toMatchObject([{ EvalActionName: 's3:GetObject', EvalDecision: 'implicitDeny' }]);
  });
});

describe('SimulatePrincipalPolicy', () => {
  const RoleName = 'lab';
  const boundary = (allowed: boolean) => ({
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowed },
  });
  async function role() {
    const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust('ec2.amazonaws.com') });
    await iam.attachRolePolicy({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    await iam.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: document(allow('logs:*')) });
    return there(Role?.Arn);
  }
  const ActionNames = ['logs:PutLogEvents'];

  it('looks at the policies that a role has, names them, and heeds its boundary', async () => {
    const PolicySourceArn = await role();
    const ask = async () =>
      there((await iam.simulatePrincipalPolicy({ PolicySourceArn, ActionNames })).EvaluationResults)[0];
    const free = await ask();
    expect(free).toMatchObject({
      EvalDecision: 'allowed',
      MatchedStatements: [
        {
          SourcePolicyId: 'AdministratorAccess',
          StartPosition: { Line: 3, Column: 17 },
          EndPosition: { Line: 8, Column: 6 },
        },
        { SourcePolicyId: 'role_lab_own' },
      ],
    });
    expect(free).not.toHaveProperty('PermissionsBoundaryDecisionDetail');
    const { Policy } = await iam.createPolicy({ PolicyName: 'b', PolicyDocument: document(allow('ec2:*')) });
    await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: there(Policy?.Arn) });
    expect(await ask()).toMatchObject({ EvalDecision: 'implicitDeny', MatchedStatements: [], ...boundary(false) });
    const given = await iam.simulatePrincipalPolicy({
      PolicySourceArn,
      ActionNames,
      PermissionsBoundaryPolicyInputList: [document(allow('logs:*'))],
    });
    expect(given.EvaluationResults).toMatchObject([{ EvalDecision: 'allowed', ...boundary(true) }]);
  });

  it('looks at the groups of a user as well', async () => {
    const { User } = await iam.createUser({ UserName: 'ada' });
    await iam.createGroup({ GroupName: 'students' });
    await iam.putGroupPolicy({ GroupName: 'students', PolicyName: 'logs', PolicyDocument: document(allow('logs:*')) });
    await iam.addUserToGroup({ UserName: 'ada', GroupName: 'students' });
    const { EvaluationResults } = await iam.simulatePrincipalPolicy({ PolicySourceArn: there(User?.Arn), ActionNames });
    expect(EvaluationResults).toMatchObject([{ MatchedStatements: [{ SourcePolicyId: 'group_students_logs' }] }]);
  });

  it.each<[string, string, number, string, string[]]>([
    ['whom it does not know', 'NoSuchEntityException', 404, 'arn:aws:iam::123456789012:role/nobody', ActionNames],
    ['what is no principal', 'InvalidInputException', 400, 'arn:aws:s3:::lab', ActionNames],
    [
      'an action without its service',
      'InvalidInputException',
      400,
      'arn:aws:iam::123456789012:role/lab',
      ['PutLogEvents'],
    ],
  ])('refuses %s', async (_what, code, status, PolicySourceArn, names) => {
    await role();
    expect(await refusal(iam.simulatePrincipalPolicy({ PolicySourceArn, ActionNames: names }))).toMatchObject({
      code,
      status,
    });
  });

  it('has the keys that its policies ask for listed', async () => {
    const PolicyInputList = [document(allow('ec2:*', { Condition, Resource: 'arn:aws:s3:::${aws:username}' }))];
    const { ContextKeyNames } = await iam.getContextKeysForCustomPolicy({ PolicyInputList });
    expect(ContextKeyNames).toEqual(['aws:RequestedRegion', 'aws:username']);
  });
});
