/** May VPC Flow Logs deliver with this role? (VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs.) */
import { type Decision, evaluate, trusts } from './evaluate.ts';
import { type Policy, parsePolicy } from './policy.ts';

export const FLOW_LOGS_SERVICE = 'vpc-flow-logs.amazonaws.com';

export interface FlowLogDeliveryInput {
  readonly role: {
    readonly trustPolicy: string;
    readonly policies: readonly { readonly name: string; readonly document: string }[];
    /** The boundary's document. */
    readonly boundary?: string;
  };
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** The log group's name. */
  readonly logGroup: string;
  /** Absent while there is no flow log yet. */
  readonly flowLogId?: string;
}

export interface WritePermission {
  readonly action: string;
  readonly resource: string;
  /** Without it nothing is delivered to a log group that exists. */
  readonly required: boolean;
  readonly decision: Decision;
}

export interface FlowLogDelivery {
  readonly trust: Decision;
  readonly write: readonly WritePermission[];
}

/** Stands for a network interface's stream and for a flow log that are not there yet: only a wildcard fits them. */
export const SOME_STREAM = 'eni-00000000000000000-all';
const SOME_FLOW_LOG = 'fl-00000000000000000';

export function flowLogDelivery(input: FlowLogDeliveryInput): FlowLogDelivery {
  return { trust: trustDecision(input), write: writePermissions(input) };
}

function trustDecision(input: FlowLogDeliveryInput): Decision {
  const parsed = parsePolicy(input.role.trustPolicy);
  if (!parsed.ok) return unreadable('the trust policy', parsed.message);
  const ask = (context: Readonly<Record<string, string>>) =>
    trusts(parsed.policy, { service: FLOW_LOGS_SERVICE, context });
  const { account, region, partition, flowLogId } = input;
  const known = { 'aws:SourceAccount': account };
  const sourceArn = `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/${flowLogId ?? SOME_FLOW_LOG}`;
  const decision = ask({ ...known, 'aws:SourceArn': sourceArn });
  // A policy for one flow log cannot be judged before that flow log is there; one for all of them can.
  return flowLogId !== undefined || decision.decision === 'allowed' ? decision : ask(known);
}

/**
 * The resources are those on which CloudWatch Logs asks IAM, as its own denials print them:
 * a log group's permissions are asked on `log-group:NAME:log-stream:`, so a `Resource` without `:*` behind the name grants nothing.
 */
function writePermissions(input: FlowLogDeliveryInput): readonly WritePermission[] {
  const { account, region, partition, logGroup } = input;
  const policies = input.role.policies.map(({ name, document }) => ({ name, parsed: parsePolicy(document) }));
  const boundary = input.role.boundary === undefined ? undefined : parsePolicy(input.role.boundary);
  const context = { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account, 'aws:RequestedRegion': region };

  const decide = (action: string, resource: string): Decision => {
    const broken = policies.find(({ parsed }) => !parsed.ok);
    if (broken && !broken.parsed.ok) return unreadable(`policy ${broken.name}`, broken.parsed.message);
    if (boundary && !boundary.ok) return unreadable('the permissions boundary', boundary.message);
    const readable = policies.flatMap(({ parsed }): Policy[] => (parsed.ok ? [parsed.policy] : []));
    return evaluate({ policies: readable, action, resource, context, ...(boundary && { boundary: boundary.policy }) });
  };

  const groups = `arn:${partition}:logs:${region}:${account}:log-group:`;
  const group = `${groups}${logGroup}:log-stream:`;
  return [
    { action: 'logs:CreateLogGroup', resource: group, required: false },
    { action: 'logs:CreateLogStream', resource: group + SOME_STREAM, required: true },
    { action: 'logs:PutLogEvents', resource: group + SOME_STREAM, required: true },
    { action: 'logs:DescribeLogGroups', resource: `${groups}:log-stream:`, required: false },
    { action: 'logs:DescribeLogStreams', resource: group, required: false },
  ].map((each) => ({ ...each, decision: decide(each.action, each.resource) }));
}

function unreadable(what: string, message: string): Decision {
  return { decision: 'undecided', because: `${what} cannot be read: ${message}` };
}
