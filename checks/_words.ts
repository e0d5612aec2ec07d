/** Wording that several checks share. */
import type { Bound } from '../src/check.ts';

/** `VPC 1 (vpc-0…)`, or the label alone of something that was not found. */
export function named({ label, id }: Bound): string {
  return id === null ? label : `${label} (${id})`;
}

/** A sentence may begin with it. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `2026-11-23 10:00:00 UTC`, from epoch milliseconds. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** One word of a POSIX shell, whatever it holds. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const VPC = 'https://docs.aws.amazon.com/vpc/latest/userguide';
const EC2 = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide';
const PEERING = 'https://docs.aws.amazon.com/vpc/latest/peering';
const LOGS = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs';

export const DOCS = {
  regions: `${EC2}/using-regions-availability-zones.html`,
  createVpc: `${VPC}/create-vpc.html`,
  vpcCidrs: `${VPC}/vpc-cidr-blocks.html`,
  subnets: `${VPC}/configure-subnets.html`,
  internetGateway: `${VPC}/VPC_Internet_Gateway.html`,
  routeTables: `${VPC}/VPC_Route_Tables.html`,
  subnetRouteTables: `${VPC}/subnet-route-tables.html`,
  networkAcls: `${VPC}/vpc-network-acls.html`,
  flowLogs: `${VPC}/flow-logs.html`,
  flowLogsRole: `${VPC}/flow-logs-iam-role.html`,
  flowLogsTrouble: `${VPC}/flow-logs-troubleshooting.html`,
  flowLogsCreate: `${VPC}/flow-logs-cwl-create-flow-log.html`,
  flowLogExamples: `${VPC}/flow-logs-records-examples.html`,
  launch: `${EC2}/ec2-launch-instance-wizard.html`,
  lifecycle: `${EC2}/ec2-instance-lifecycle.html`,
  elasticIp: `${EC2}/elastic-ip-addresses-eip.html`,
  pingRules: `${EC2}/security-group-rules-reference.html`,
  trustPolicy: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html',
  peering: `${PEERING}/create-vpc-peering-connection.html`,
  peeringLifecycle: `${PEERING}/vpc-peering-basics.html`,
  peeringRoutes: `${PEERING}/vpc-peering-routing.html`,
  logGroups: `${LOGS}/Working-with-log-groups-and-streams.html`,
  insights: `${LOGS}/AnalyzingLogData.html`,
} as const;
