/**
 * What each reading must be permitted: the IAM actions of its calls (ec2.ts, iam.ts, logs.ts, ssm.ts), on resources
 * wherever AWS knows some for the action (Service Authorization Reference). Who we are (sts:GetCallerIdentity) is free.
 */
import type { QuestionKind, SliceName } from '../model/account.ts';

/** `{ StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } }`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface Permission {
  /** As IAM writes it: `ec2:DescribeVpcs`. */
  readonly action: string;
  /** ARN patterns with `${partition}` in them, or `*`. */
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** For actions that know no resources. */
export function everywhere(...actions: readonly string[]): readonly Permission[] {
  return on(['*'], ...actions);
}

export function on(resources: readonly string[], ...actions: readonly string[]): readonly Permission[] {
  return actions.map((action) => ({ action, resources }));
}

/** Of any Region and account: `ec2('vpc')` is every VPC. */
export function ec2(type: string): string {
  return `arn:\${partition}:ec2:*:*:${type}/*`;
}

/** With `:*`, without which CloudWatch Logs grants nothing on the group. */
export function logGroup(name: string): string {
  return `arn:\${partition}:logs:*:*:log-group:${name === '*' ? '*' : `${name}:*`}`;
}

/** `iam('role', '*')`, `iam('policy', 'lab')`. AWS's own policies are of the account `aws`, which `*` matches too. */
export function iam(type: string, name: string): string {
  return `arn:\${partition}:iam::*:${type}/${name}`;
}

/** AWS's own documents belong to no account. */
export function ssmDocument(name: string): string {
  return `arn:\${partition}:ssm:*:${name.startsWith('AWS-') ? '' : '*'}:document/${name}`;
}

export const slicePermissions: Readonly<Record<SliceName, readonly Permission[]>> = {
  vpcs: everywhere('ec2:DescribeVpcs'),
  subnets: everywhere('ec2:DescribeSubnets'),
  routeTables: everywhere('ec2:DescribeRouteTables'),
  internetGateways: everywhere('ec2:DescribeInternetGateways'),
  natGateways: everywhere('ec2:DescribeNatGateways'),
  prefixLists: [
    ...everywhere('ec2:DescribeManagedPrefixLists'),
    ...on([ec2('prefix-list')], 'ec2:GetManagedPrefixListEntries'),
  ],
  networkAcls: everywhere('ec2:DescribeNetworkAcls'),
  securityGroups: everywhere('ec2:DescribeSecurityGroups'),
  networkInterfaces: everywhere('ec2:DescribeNetworkInterfaces'),
  instances: everywhere('ec2:DescribeInstances'),
  peeringConnections: everywhere('ec2:DescribeVpcPeeringConnections'),
  flowLogs: everywhere('ec2:DescribeFlowLogs'),
  logGroups: everywhere('logs:DescribeLogGroups'),
  roles: everywhere('iam:ListRoles'),
  managedInstances: everywhere('ssm:DescribeInstanceInformation'),
};

export const questionPermissions: Readonly<Record<QuestionKind, readonly Permission[]>> = {
  role: [
    ...on(
      [iam('role', '*')],
      'iam:GetRole',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:GetRolePolicy',
    ),
    ...on([iam('policy', '*')], 'iam:GetPolicy', 'iam:GetPolicyVersion'),
  ],
  ping: [
    ...on([ssmDocument('AWS-RunShellScript'), ec2('instance')], 'ssm:SendCommand'),
    ...everywhere('ssm:GetCommandInvocation'),
  ],
  pings: everywhere('ssm:ListCommandInvocations'),
  logStreams: on([logGroup('*')], 'logs:DescribeLogStreams'),
  logEvents: on([logGroup('*')], 'logs:FilterLogEvents'),
  // AWS's references differ in whether GetQueryResults is asked on the query's log groups or on all: `*` is right for both.
  queries: everywhere('logs:DescribeQueries', 'logs:GetQueryResults'),
  elsewhere: everywhere('ec2:DescribeRegions', 'ec2:DescribeVpcs', 'logs:DescribeLogGroups'),
};
