/** One account and region as the checks see it: the network, and what is around it. Plain data, no AWS client. */
import type { Tags, Topology } from './network/topology.ts';

export interface FlowLog {
  readonly id: string;
  /** The VPC, subnet or network interface that is logged. */
  readonly resourceId: string;
  readonly trafficType: 'ACCEPT' | 'REJECT' | 'ALL';
  /** `ACTIVE`, even while deliveries fail. */
  readonly status: string;
  /** Absent as long as nothing was delivered. */
  readonly deliverStatus?: 'SUCCESS' | 'FAILED';
  /** `Access error`, `Rate limited` or `Unknown error`. */
  readonly deliverError?: string;
  readonly roleArn?: string;
  readonly destinationType: 'cloud-watch-logs' | 's3' | 'kinesis-data-firehose';
  readonly logGroupName?: string;
  readonly logDestination?: string;
  readonly format: string;
  readonly maxAggregationSeconds: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Tags;
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly retentionDays?: number;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** The trust policy's JSON text, decoded. */
  readonly trustPolicy: string;
}

/** An instance as Systems Manager knows it. */
export interface ManagedInstance {
  readonly instanceId: string;
  readonly pingStatus: string;
}

/** Everything that one call, paged to its end, can list. A check names the slices that it needs. */
export interface Slices extends Topology {
  readonly flowLogs: readonly FlowLog[];
  readonly logGroups: readonly LogGroup[];
  readonly roles: readonly Role[];
  readonly managedInstances: readonly ManagedInstance[];
}

export type SliceName = keyof Slices;

/** Something that could not be read. It is never the same as "there is none". */
export interface Unread {
  readonly reason: 'denied' | 'throttled' | 'unreachable' | 'credentials' | 'timeout' | 'unsupported' | 'error';
  /** As IAM writes it: `ec2:DescribeVpcs`. */
  readonly action: string;
  readonly message: string;
}

export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly unread: Unread };

/** What a check may ask beyond the slices. Plain data: two checks that ask the same are answered once. */
export type Question =
  /** A role with its trust policy, permissions policies (default versions) and boundary. `null`: there is none. */
  | { readonly kind: 'role'; readonly arn: string }
  /** A ping sent now by Systems Manager from this instance. */
  | { readonly kind: 'ping'; readonly instanceId: string; readonly address: string }
  /** What Run Command's history still shows of pings from this instance. */
  | { readonly kind: 'pings'; readonly instanceId: string }
  /** The log streams of a group, newest event first. */
  | { readonly kind: 'logStreams'; readonly logGroup: string }
  /** The events of a group that contain any of these terms. */
  | { readonly kind: 'logEvents'; readonly logGroup: string; readonly anyOf: readonly string[] }
  /** The Logs Insights queries of the account's recent history on this group, with their results. */
  | { readonly kind: 'queries'; readonly logGroup: string }
  /** What the other Regions of the account hold: many calls, worth them only where it is missing here. */
  | { readonly kind: 'elsewhere'; readonly what: 'vpcs' | 'logGroups' };

export interface RoleAnswer {
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: string;
  readonly policies: readonly { readonly name: string; readonly arn?: string; readonly document: string }[];
  readonly boundary?: { readonly arn: string; readonly document: string };
}

export interface PingAnswer {
  readonly address: string;
  readonly transmitted: number;
  readonly received: number;
  /** Epoch milliseconds at which the command was requested. */
  readonly at: number;
  /** labproof sent it by itself: it shows what the network does, and nothing that the learner did. */
  readonly probe?: true;
  /** The terminal output, as ping printed it. */
  readonly output: string;
}

export interface LogStreamAnswer {
  readonly name: string;
  /** Epoch milliseconds; absent while the stream is empty. */
  readonly lastEventAt?: number;
}

export interface LogEventAnswer {
  readonly stream: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
}

export interface QueryAnswer {
  readonly id: string;
  readonly query: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** One other Region that holds something: its VPCs but for the default one, or its log groups. */
export interface ElsewhereAnswer {
  readonly region: string;
  readonly found: readonly { readonly id: string; readonly name?: string }[];
}

export interface Answers {
  readonly role: RoleAnswer | null;
  readonly ping: PingAnswer;
  readonly pings: readonly PingAnswer[];
  readonly logStreams: readonly LogStreamAnswer[];
  readonly logEvents: readonly LogEventAnswer[];
  readonly queries: readonly QueryAnswer[];
  readonly elsewhere: readonly ElsewhereAnswer[];
}

export type QuestionKind = Question['kind'];
export type QuestionOf<K extends QuestionKind> = Extract<Question, { readonly kind: K }>;
export type AnswerTo<Q extends Question> = Answers[Q['kind']];
