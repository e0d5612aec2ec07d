/** Which outputs of the AWS CLI can be imported, and by which file names. */
import type { ServiceName } from '../connection.ts';

export interface SavedOperation {
  readonly service: ServiceName;
  /** As AWS writes it: `DescribeVpcs`. */
  readonly operation: string;
  /** The member without which it is not this operation's output. */
  readonly holds: string;
  /** There may be one for each role, group, instance …: the end of the file's name says for which. */
  readonly perResource: boolean;
}

const whole = (service: ServiceName, operation: string, holds: string): SavedOperation => ({
  service,
  operation,
  holds,
  perResource: false,
});
const each = (service: ServiceName, operation: string, holds: string): SavedOperation => ({
  service,
  operation,
  holds,
  perResource: true,
});

export const SAVED_OPERATIONS = [
  whole('sts', 'GetCallerIdentity', 'Account'),
  whole('ec2', 'DescribeVpcs', 'Vpcs'),
  whole('ec2', 'DescribeSubnets', 'Subnets'),
  whole('ec2', 'DescribeRouteTables', 'RouteTables'),
  whole('ec2', 'DescribeInternetGateways', 'InternetGateways'),
  whole('ec2', 'DescribeNatGateways', 'NatGateways'),
  whole('ec2', 'DescribeManagedPrefixLists', 'PrefixLists'),
  each('ec2', 'GetManagedPrefixListEntries', 'Entries'),
  whole('ec2', 'DescribeNetworkAcls', 'NetworkAcls'),
  whole('ec2', 'DescribeSecurityGroups', 'SecurityGroups'),
  whole('ec2', 'DescribeNetworkInterfaces', 'NetworkInterfaces'),
  whole('ec2', 'DescribeInstances', 'Reservations'),
  whole('ec2', 'DescribeVpcPeeringConnections', 'VpcPeeringConnections'),
  whole('ec2', 'DescribeFlowLogs', 'FlowLogs'),
  whole('logs', 'DescribeLogGroups', 'logGroups'),
  each('logs', 'DescribeLogStreams', 'logStreams'),
  each('logs', 'FilterLogEvents', 'events'),
  each('logs', 'DescribeQueries', 'queries'),
  each('logs', 'GetQueryResults', 'results'),
  whole('iam', 'ListRoles', 'Roles'),
  each('iam', 'GetRole', 'Role'),
  each('iam', 'ListAttachedRolePolicies', 'AttachedPolicies'),
  each('iam', 'ListRolePolicies', 'PolicyNames'),
  each('iam', 'GetRolePolicy', 'PolicyDocument'),
  each('iam', 'GetPolicy', 'Policy'),
  each('iam', 'GetPolicyVersion', 'PolicyVersion'),
  whole('iam', 'GetAccountAuthorizationDetails', 'RoleDetailList'),
  whole('ssm', 'DescribeInstanceInformation', 'InstanceInformationList'),
  each('ssm', 'ListCommandInvocations', 'CommandInvocations'),
] as const satisfies readonly SavedOperation[];

/** `describe-vpcs`, as the AWS CLI has it. */
export function commandOf(operation: string): string {
  return operation.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}

export interface SavedName {
  readonly saved: SavedOperation;
  /** What stands behind the operation: `2`, a role's name, an instance's id. Empty where nothing does. */
  readonly suffix: string;
}

/** The longest name counts: `get-role-policy.json` is no role named `policy`. */
const BY_LENGTH = [...SAVED_OPERATIONS].sort((a, b) => b.operation.length - a.operation.length);

/** `describe-vpcs.json`, `ec2-describe-vpcs.json`, `describe-instances-2.json`, `get-role-NAME.json`. */
export function readName(file: string): SavedName | undefined {
  const name = /^(?:(?:ec2|iam|logs|ssm|sts)[-_.])?(.+)\.json$/i.exec(file)?.[1];
  if (name === undefined) return undefined;
  for (const saved of BY_LENGTH) {
    const command = commandOf(saved.operation);
    if (name === command) return { saved, suffix: '' };
    const suffix = name.startsWith(`${command}-`) ? name.slice(command.length + 1) : '';
    if (suffix !== '' && (saved.perResource || /^\d+$/.test(suffix))) return { saved, suffix };
  }
  return undefined;
}

/** What a file's name can hold of a log group's name or a policy's. */
export function nameInFile(name: string): string {
  return name.replace(/[^\w.=,@+-]/g, '-').replace(/^-+/, '');
}
