/**
 * The sandbox's world: accounts and what is in them, as plain data. Everything here survives a JSON round trip
 * (dates included: see store.ts), so that a learner resumes tomorrow.
 */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Process } from './hosts/process.ts';
import type { Step } from './hosts/words.ts';
import type { CredentialState, IamState } from './services/iam-state.ts';

/** A group, and what its rules have besides: by the rule's direction and content, see security-group-rules.ts. */
export interface SecurityGroupState extends Ec2.SecurityGroup {
  RuleRecords?: Record<string, { id: string; tags: Ec2.Tag[] }>;
}

export interface LaunchState {
  reservationId: string;
  disableApiTermination: boolean;
  disableApiStop: boolean;
  shutdownBehavior: Ec2.ShutdownBehavior;
  /** Of types with burstable performance. */
  cpuCredits?: string;
  /** It has not run yet: its first boot is still to come. */
  neverRan?: true;
}

/** EC2 resources are kept in the SDK's own output shapes, so that a describe call returns them as they are. */
export interface Ec2State {
  vpcs: Ec2.Vpc[];
  vpcAttributes: Record<
    string,
    { enableDnsSupport: boolean; enableDnsHostnames: boolean; enableNetworkAddressUsageMetrics?: boolean }
  >;
  subnets: Ec2.Subnet[];
  routeTables: Ec2.RouteTable[];
  internetGateways: Ec2.InternetGateway[];
  natGateways: Ec2.NatGateway[];
  egressOnlyInternetGateways: Ec2.EgressOnlyInternetGateway[];
  vpcEndpoints: Ec2.VpcEndpoint[];
  dhcpOptions: Ec2.DhcpOptions[];
  /** Customer-managed ones, with their entries as of the current version. */
  prefixLists: (Ec2.ManagedPrefixList & { Entries: Ec2.PrefixListEntry[] })[];
  networkAcls: Ec2.NetworkAcl[];
  securityGroups: SecurityGroupState[];
  networkInterfaces: Ec2.NetworkInterface[];
  instances: Ec2.Instance[];
  peeringConnections: Ec2.VpcPeeringConnection[];
  addresses: Ec2.Address[];
  keyPairs: Ec2.KeyPairInfo[];
  flowLogs: Ec2.FlowLog[];
  iamProfileAssociations: Ec2.IamInstanceProfileAssociation[];
  /** Instances whose lent public address was taken back when they stopped. */
  publicIpOnStart?: string[];
  /** By instance id, as given at launch: base64. */
  userData?: Record<string, string>;
  /** By instance id: the script in its user data, since its first boot. */
  userDataRuns?: Record<string, RunState>;
  /** Elastic IP addresses that were given back last. */
  releasedAddresses?: string[];
  /** What is known of an instance besides what DescribeInstances tells, by its id. */
  launches?: Record<string, LaunchState>;
  volumes?: Ec2.Volume[];
  /** VPC Block Public Access, once somebody set it. Time in epoch milliseconds. */
  blockPublicAccess?: { mode: Ec2.InternetGatewayBlockMode; updatedAt: number };
  /** By operation and client token: what was asked for, as a digest, and the ids that were given. */
  clientTokens: Record<string, { asked: string; ids: string[] }>;
  /** Since when an instance or a peering connection is in its present state, epoch milliseconds: what the clock does next follows. */
  since: Record<string, number>;
}

/** One event of a log stream. Times in epoch milliseconds. */
export interface LogEvent {
  timestamp: number;
  ingestionTime: number;
  message: string;
}

export interface LogGroupState {
  name: string;
  creationTime: number;
  retentionInDays?: number;
  tags: Record<string, string>;
  streams: Record<string, { creationTime: number; events: LogEvent[] }>;
}

export interface QueryState {
  id: string;
  logGroupNames: string[];
  query: string;
  startTime: number;
  endTime: number;
  limit?: number;
  createTime: number;
  cancelled: boolean;
  /** How its run ended, where it did not end by itself. */
  stopped?: 'Failed' | 'Timeout';
}

export interface CommandState {
  id: string;
  documentName: string;
  documentVersion: string;
  /** The document's step that runs, by which its output is asked for. */
  plugin: string;
  comment: string;
  parameters: Record<string, string[]>;
  targets: { key: string; values: string[] }[];
  maxConcurrency: string;
  maxErrors: string;
  requestedAt: number;
  timeoutSeconds: number;
  invocations: InvocationState[];
}

/** A document of Systems Manager. Times in epoch milliseconds. */
export interface DocumentState {
  name: string;
  type: string;
  targetType?: string;
  createdDate: number;
  defaultVersion: number;
  versions: { version: number; name?: string; format: 'JSON' | 'YAML'; content: string; createdDate: number }[];
  /** How many versions there ever were: their numbers are not used again. */
  versionsMade: number;
  tags: Record<string, string>;
}

export interface ParameterVersionState {
  version: number;
  type: 'String' | 'StringList' | 'SecureString';
  value: string;
  dataType: string;
  tier: string;
  description?: string;
  keyId?: string;
  allowedPattern?: string;
  labels: string[];
  /** Epoch milliseconds. */
  modifiedAt: number;
  /** The ARN of who did it. */
  modifiedBy: string;
}

/** A parameter of the Parameter Store, its versions from old to new. */
export interface ParameterState {
  name: string;
  versions: ParameterVersionState[];
  tags: Record<string, string>;
}

/** A command's script on one instance. */
export interface InvocationState extends RunState {
  instanceId: string;
}

/** A script as it runs, and what came of it. Times in epoch milliseconds. */
export interface RunState {
  startedAt: number;
  /** When it is ended if it has not ended by itself. */
  deadline: number;
  /** Absent while it runs. */
  finishedAt?: number;
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Where it did not end by itself. */
  endedBy?: 'timeout' | 'cancel';
  /** Absent once it has ended. */
  script?: ScriptState;
}

/** What of a script is still to be run. */
export interface ScriptState {
  lines: string[];
  /** What is left of the line that was begun last. */
  rest?: Step[];
  /** Of the line that was begun last, counted from 1. */
  number: number;
  /** Until when it has run. */
  at: number;
  /** Its instance stopped: nothing of it goes on. */
  halted?: true;
  /** How many packets its pings have sent. */
  packets: number;
  /** The command that has begun and not ended. */
  process?: Process;
}

/** One packet or several alike, as a network interface saw them in one window of one flow log. */
export interface FlowState {
  /** Epoch milliseconds. */
  windowEnd: number;
  interfaceId: string;
  direction: 'egress' | 'ingress';
  source: string;
  destination: string;
  packetSource: string;
  packetDestination: string;
  sourcePort: number;
  destinationPort: number;
  /** IANA protocol number. */
  protocol: number;
  action: 'ACCEPT' | 'REJECT';
  /** Of the interface, as it was when the packets passed. */
  vpcId?: string;
  subnetId?: string;
  instanceId?: string;
  /** As a record has it: absent for what comes in. */
  trafficPath?: string;
  packets: number;
  bytes: number;
  /** TCP flags, ORed (VPC User Guide, Flow log records: tcp-flags). */
  flags: number;
  /** Epoch milliseconds. */
  first: number;
  last: number;
}

export interface TrafficState {
  /** Per flow log: the flows of the windows that have not ended, by window and 5-tuple. */
  flows: Record<string, Record<string, FlowState>>;
  /** Up to when background scans were made, epoch milliseconds. */
  scannedUntil: number;
  /** Per flow log: up to when its records were made. */
  aggregatedUntil: Record<string, number>;
  /** Records made, waiting for their delivery. */
  pending: { flowLogId: string; deliverAt: number; stream: string; timestamp: number; message: string }[];
  /** Per instance: when its user last opened a terminal on it, epoch milliseconds. */
  sessions: Record<string, number>;
}

export interface RegionState {
  ec2: Ec2State;
  logGroups: LogGroupState[];
  queries: QueryState[];
  commands: CommandState[];
  documents: DocumentState[];
  parameters: ParameterState[];
  traffic: TrafficState;
}

export interface AccountState {
  id: string;
  iam: IamState;
  regions: Record<string, RegionState>;
}

export interface WorldState {
  version: 2;
  /** The sandbox's time when it was last saved, epoch milliseconds. */
  now: number;
  /** Seeds ids, addresses and background traffic, so that a run can be repeated. */
  seed: number;
  /** How many random numbers were drawn. */
  draws: number;
  accounts: Record<string, AccountState>;
  /** By access key id. */
  credentials: Record<string, CredentialState>;
}
