/** What a fault may do to a result, told apart from the verdict engine: by hand, which reading each check needs. */
import type { CheckResult, Result } from '../../../src/run/result.ts';
import { there } from '../../sandbox/clients.ts';
import { type Fault, lab, type Scene } from './scene.ts';

const uses = lab.steps.flatMap((step) => step.checks);
const every = uses.map(({ id }) => id);
const except = (...ids: readonly string[]) => every.filter((id) => !ids.includes(id));

const PINGS = ['private-unanswered', 'public-answered', 'private-answered'];
const NETWORK = ['ping-allowed', ...PINGS];
const PUBLIC = ['vpc-1', 'vpc-2', 'instance-1', 'instance-2'];
const ROLE = ['role-trusted', 'role-can-write'];

/** Action -> the checks that cannot judge without it; in some accounts others, which the story tells. */
export type Needs = Readonly<Record<string, readonly string[]>>;

/** What is read in every account. */
export const LISTS: Needs = {
  'ec2:DescribeVpcs': every,
  'ec2:DescribeInstances': except('vpc-1', 'vpc-2', 'cidrs-unique', 'peering-active'),
  'ec2:DescribeSubnets': [...PUBLIC, ...NETWORK, 'peering-routes'],
  'ec2:DescribeRouteTables': [...PUBLIC, ...NETWORK, 'peering-routes'],
  'ec2:DescribeInternetGateways': [...PUBLIC, ...NETWORK],
  'ec2:DescribeNetworkInterfaces': [
    'instance-1',
    'instance-2',
    ...NETWORK,
    'flow-log-active',
    'flow-log-delivers',
    'peering-routes',
    'ping-recorded',
  ],
  'ec2:DescribeNatGateways': NETWORK,
  'ec2:DescribeManagedPrefixLists': NETWORK,
  'ec2:DescribeNetworkAcls': NETWORK,
  'ec2:DescribeSecurityGroups': NETWORK,
  'ec2:DescribeVpcPeeringConnections': [...NETWORK, 'peering-active', 'peering-routes'],
  'ec2:DescribeFlowLogs': [
    'log-group',
    ...ROLE,
    'flow-log-active',
    'flow-log-delivers',
    ...PINGS,
    'insights-query',
    'ping-recorded',
  ],
  'logs:DescribeLogGroups': [
    'log-group',
    'role-can-write',
    'flow-log-delivers',
    ...PINGS,
    'insights-query',
    'ping-recorded',
  ],
  // Whether a ping can be sent is also told by sending one.
  'ssm:DescribeInstanceInformation': [],
};

/** What is asked as soon as there is a role, a log group and two instances. */
export const QUESTIONS: Needs = {
  'iam:GetRole': ROLE,
  'iam:ListAttachedRolePolicies': ROLE,
  'iam:ListRolePolicies': ROLE,
  'iam:GetPolicy': ROLE,
  'iam:GetPolicyVersion': ROLE,
  'logs:DescribeLogStreams': ['flow-log-delivers'],
  'logs:DescribeQueries': ['insights-query'],
};

export interface Kind {
  readonly name: string;
  /** Of the finding in whose words it is told. */
  readonly code: string;
  of(action: string): Fault;
}

const faults = (fault: object) => (action: string) => ({ faults: { [action]: fault } });

/** The action itself is denied by a policy, as `--enforce-iam` does it. */
export const DENIED: Kind = { name: 'denied', code: 'NOT_PERMITTED', of: (action) => ({ denied: action }) };
export const QUICK: readonly Kind[] = [
  { name: 'throttled for ever', code: 'THROTTLED', of: faults({ throttling: 1 }) },
  { name: 'a 5xx for ever', code: 'READ_ERROR', of: faults({ serverError: 1 }) },
  { name: 'connection cut', code: 'UNREACHABLE', of: faults({ drop: 1 }) },
  { name: 'token expired', code: 'CREDENTIALS', of: (action) => faults({ error: expiredFor(action) })(action) },
];

/** Long enough for all answers that are not delayed, however busy this machine is. */
export const TIMEOUT_MS = 1500;
export const SLOW: Kind = {
  name: 'slower than the timeout',
  code: 'TIMEOUT',
  of: faults({ latencyMs: 2 * TIMEOUT_MS }),
};

/** IAM, STS, CloudWatch Logs and Systems Manager API References, "Common Errors"; EC2 User Guide, "Error codes". */
function expiredFor(action: string) {
  const message = 'The security token included in the request is expired';
  if (action.startsWith('ec2:')) return { code: 'RequestExpired', status: 400, message: 'Request has expired.' };
  if (/^(iam|sts):/.test(action)) return { code: 'ExpiredToken', status: 403, message };
  return { code: 'ExpiredTokenException', status: 400, message };
}

type Results = ReadonlyMap<string, CheckResult>;

export function checksOf(result: Result): Results {
  return new Map(result.steps.flatMap((step) => step.checks.map((check) => [check.id, check] as const)));
}

/** Where the result is not what it should be with this action failing; empty where all is well. */
export function differences(
  base: Result,
  faulty: Result,
  action: string,
  needing: readonly string[],
  { code }: Kind,
  { key }: Pick<Scene, 'key'>,
): readonly string[] {
  const before = checksOf(base);
  const expected = expectedVerdicts(before, new Set(needing));
  return [...checksOf(faulty)].flatMap(([id, check]) => {
    const { verdict, findings } = check;
    const was = before.get(id);
    const { verdict: wanted, affected } = there(expected.get(id));
    const said = `${action}: ${id} was ${was?.verdict}, is ${verdict} (${findings.map((each) => each.message).join(' | ')})`;
    const wrong: string[] = [];
    if (verdict !== was?.verdict && verdict !== 'unknown') wrong.push(`${said}: neither as before nor unknown`);
    if (verdict !== wanted) wrong.push(`${said}: expected ${wanted}`);
    if (!affected && essence(check) !== essence(was)) wrong.push(`${said}: says something else than before`);
    if (affected && verdict === 'unknown' && !findings.every((each) => isTold(each, action, code)))
      wrong.push(`${said}: does not say that ${action} gave ${code}`);
    if (findings.length === 0 && verdict === 'unknown') wrong.push(`${said}: does not say why`);
    if (LEAKS.some((pattern) => pattern.test(said)) || Object.values(key).some((secret) => said.includes(secret)))
      wrong.push(`${said}: shows what it must not`);
    return wrong;
  });
}

/** Stack traces, values that were never there, AWS's encoded messages. */
const LEAKS = [/\n\s+at /, /node:internal|file:\/\/|\.ts:\d+/, /\bundefined\b|\[object/, /Encoded authorization/];

function isTold({ code, message }: CheckResult['findings'][number], action: string, expected: string): boolean {
  // A ping that labproof may not send is one that the learner can.
  if (code === 'PING_NOT_SENT') return expected === 'NOT_PERMITTED' && message.includes(`Allow ${action} `);
  return code === 'DEPENDS' || (code === expected && message.startsWith(`${action} could not be read: `));
}

function essence(check: CheckResult | undefined): string {
  return JSON.stringify(check?.findings.map(({ code, severity, resources }) => [code, severity, resources]));
}

interface Expected {
  readonly verdict: string;
  /** By the fault, or by what comes before it: it does not judge at all. */
  readonly affected: boolean;
}

/** A check that comes after others is held up by them first; one that can judge as before says what it said. */
function expectedVerdicts(before: Results, needing: ReadonlySet<string>): ReadonlyMap<string, Expected> {
  const all = new Map<string, Expected>();
  for (const { id, after } of uses) {
    const open = after
      .flatMap((other) => all.get(other)?.verdict ?? [])
      .filter((each) => !/^(pass|partial)$/.test(each));
    const has = (...some: readonly string[]) => open.some((each) => some.includes(each));
    if (has('fail', 'blocked')) all.set(id, { verdict: 'blocked', affected: true });
    else if (has('unknown')) all.set(id, { verdict: 'unknown', affected: true });
    else if (open.length > 0) all.set(id, { verdict: 'waiting', affected: true });
    else if (needing.has(id)) all.set(id, { verdict: 'unknown', affected: true });
    else all.set(id, { verdict: there(before.get(id)).verdict, affected: false });
  }
  return all;
}
