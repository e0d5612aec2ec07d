/** An account as it was read at one moment: a file that can be verified later, elsewhere, and without credentials. */
import type { CloudIdentity } from '../check.ts';
import type { Answers, Question, QuestionKind, Reading, SliceName, Slices } from '../model/account.ts';

export const SNAPSHOT_SCHEMA = 'labproof/snapshot/v1';

export type SnapshotAnswer = readonly [question: Question, reading: Reading<Answers[QuestionKind]>];

export interface Snapshot {
  readonly schema: typeof SNAPSHOT_SCHEMA;
  /** The cloud's own clock, ISO 8601. */
  readonly takenAt: string;
  /** Where it was taken. */
  readonly cloud: Omit<CloudIdentity, 'kind'> & { readonly kind: 'aws' | 'sandbox' };
  /** What is missing here was not asked for. */
  readonly slices: { readonly [N in SliceName]?: Reading<Slices[N]> };
  readonly answers: readonly SnapshotAnswer[];
}

/** What reads each slice, as IAM writes it. */
export const ACTION_OF_SLICE: Readonly<Record<SliceName, string>> = {
  vpcs: 'ec2:DescribeVpcs',
  subnets: 'ec2:DescribeSubnets',
  routeTables: 'ec2:DescribeRouteTables',
  internetGateways: 'ec2:DescribeInternetGateways',
  natGateways: 'ec2:DescribeNatGateways',
  prefixLists: 'ec2:DescribeManagedPrefixLists',
  networkAcls: 'ec2:DescribeNetworkAcls',
  securityGroups: 'ec2:DescribeSecurityGroups',
  networkInterfaces: 'ec2:DescribeNetworkInterfaces',
  instances: 'ec2:DescribeInstances',
  peeringConnections: 'ec2:DescribeVpcPeeringConnections',
  flowLogs: 'ec2:DescribeFlowLogs',
  logGroups: 'logs:DescribeLogGroups',
  roles: 'iam:ListRoles',
  managedInstances: 'ssm:DescribeInstanceInformation',
};
// The keys of a complete record are all names that there are.
export const SLICE_NAMES = Object.keys(ACTION_OF_SLICE) as readonly SliceName[];

/** What answers each question first, as IAM writes it. */
export const ACTION_OF_QUESTION: Readonly<Record<QuestionKind, string>> = {
  role: 'iam:GetRole',
  ping: 'ssm:SendCommand',
  pings: 'ssm:ListCommandInvocations',
  logStreams: 'logs:DescribeLogStreams',
  logEvents: 'logs:FilterLogEvents',
  queries: 'logs:DescribeQueries',
};

/** `the log streams of group g`: what a question asks for, for people. */
export function questionText(question: Question): string {
  switch (question.kind) {
    case 'role':
      return `the role ${question.arn}`;
    case 'ping':
      return `a ping from ${question.instanceId} to ${question.address}`;
    case 'pings':
      return `the pings of Run Command's history on ${question.instanceId}`;
    case 'logStreams':
      return `the log streams of ${question.logGroup}`;
    case 'logEvents':
      return `the events of ${question.logGroup} with ${question.anyOf.join(' or ')}`;
    case 'queries':
      return `the Logs Insights queries of ${question.logGroup}`;
  }
}
