/** `labproof policy`: enough to verify, action by action, under a sandbox that enforces it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission } from '../../src/account/permissions.ts';
import { slicePermissions } from '../../src/account/permissions.ts';
import { SLICES_OF_KIND } from '../../src/run/bind.ts';
import { checkerPermissions, checkPermissions } from '../../src/run/permissions.ts';
import { policyDocument } from '../../src/run/policy.ts';
import { there } from '../sandbox/clients.ts';
import {
  actionsOf,
  type Credentials,
  checks,
  type Enforcing,
  enforcing,
  lab,
  ROOT,
  verdictsOf,
  without,
} from './account.ts';

const policy = policyDocument(checkerPermissions(lab, checks), 'aws');
const actions = policy.Statement.flatMap(actionsOf);

let account: Enforcing;
let grader: Credentials;

describe('on the solved lab', () => {
  /** Without one of these the verdicts stay, and why. */
  const SPARED: Readonly<Record<string, string>> = {
    'ec2:DescribeRegions': 'nothing is missing here that could be in another Region',
    'iam:ListRoles': 'the flow log tells which role it uses',
    'ssm:DescribeInstanceInformation': 'only says whether a ping can be sent',
    'ssm:SendCommand': 'the pings were sent already',
    'ssm:GetCommandInvocation': 'the pings were sent already',
  };
  let complete: ReturnType<typeof verdictsOf>;

  beforeAll(async () => {
    account = await enforcing();
    await account.solveAs(ROOT);
    // A list of one's own and a policy in the role itself, so that these are read as well.
    const call = { endpoint: account.url, region: 'us-east-1', credentials: ROOT };
    const { EC2 } = await import('@aws-sdk/client-ec2');
    await new EC2(call).createManagedPrefixList({ PrefixListName: 'own', AddressFamily: 'IPv4', MaxEntries: 1 });
    await account.iam.putRolePolicy({
      RoleName: 'NextWorkVPCFlowLogsRole',
      PolicyName: 'own',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      }),
    });
    grader = await account.user('grader', policy);
    complete = verdictsOf(await account.verifyAs(grader));
  }, 60_000);
  afterAll(() => account.close());

  test('its holder sees what an administrator sees: every check passes', async () => {
    expect(complete).toEqual(verdictsOf(await account.verifyAs(ROOT)));
    expect(new Set(Object.values(complete))).toEqual(new Set(['pass']));
  });

  test('nothing else is allowed by it', async () => {
    const all = policy.Statement.flatMap(actionsOf);
    expect(all).toEqual([...new Set(all)]);
    expect(all.filter((action) => !/^(ec2|logs|ssm|iam):(Describe|Get|List|Filter)/.test(action))).toEqual([
      'ssm:SendCommand',
    ]);
  });

  test.each(actions)('without %s, the checks concerned are unknown, and no other changes', async (action) => {
    await account.allow('grader', without(policy, action));
    const verdicts = verdictsOf(await account.verifyAs(grader));
    const changed = Object.keys(complete).filter((id) => verdicts[id] !== complete[id]);
    expect(changed.map((id) => verdicts[id])).toEqual(changed.map(() => 'unknown'));
    expect(changed.length > 0 || action in SPARED).toBe(true);
    expect(changed.filter((id) => !concerned(action).has(id))).toEqual([]);
  });

  test('without the history and the records of the pings, the public ping is unknown', async () => {
    await account.allow('grader', without(without(policy, 'ssm:ListCommandInvocations'), 'logs:FilterLogEvents'));
    const verdicts = verdictsOf(await account.verifyAs(grader));
    expect(verdicts['public-answered']).toBe('unknown');
    expect(Object.values(verdicts)).not.toContain('fail');
  });
});

describe('where no flow log tells the role, and nobody has pinged since the peering', () => {
  const LEFT_OUT = /CreateFlowLogs|FilterLogEvents|StartQuery|GetQueryResults/;

  beforeAll(async () => {
    account = await enforcing();
    await account.solveAs(
      ROOT,
      ({ call, save, input }) =>
        !LEFT_OUT.test(call) && save?.pingPeered === undefined && input.CommandId !== '${pingPeered}',
    );
    grader = await account.user('grader', policy);
  }, 60_000);
  afterAll(() => account.close());

  // A ping that could be sent stays in the history: the order matters.
  test.each([
    ['ssm:SendCommand', 'private-answered'],
    ['ssm:GetCommandInvocation', 'private-answered'],
    ['iam:ListRoles', 'role-trusted'],
  ])('%s is needed for %s', async (action, id) => {
    await account.allow('grader', without(policy, action));
    expect(verdictsOf(await account.verifyAs(grader))[id]).toBe('unknown');
    await account.allow('grader', policy);
  });

  test('with all of it both pass, as they do for an administrator', async () => {
    const verdicts = verdictsOf(await account.verifyAs(grader));
    expect(verdicts).toMatchObject({ 'private-answered': 'pass', 'role-trusted': 'pass' });
    expect(verdicts).toEqual(verdictsOf(await account.verifyAs(ROOT)));
  });
});

/** The checks that need the action themselves or for one of their resources, and those that come after them. */
function concerned(action: string): ReadonlySet<string> {
  const isThis = (permission: Permission) => permission.action === action;
  const found = new Set<string>();
  for (const use of lab.steps.flatMap((step) => step.checks)) {
    const kinds = Object.values(use.with).flatMap((value) => lab.resources[String(value)]?.kind ?? []);
    const permissions = [
      ...checkPermissions(there(checks[use.use])),
      ...kinds.flatMap((kind) => SLICES_OF_KIND[kind]).flatMap((slice) => slicePermissions[slice]),
    ];
    if (permissions.some(isThis) || use.after.some((id) => found.has(id))) found.add(use.id);
  }
  return found;
}
