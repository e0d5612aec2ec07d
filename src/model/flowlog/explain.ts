/** The fields of a flow-log record in plain words, one by one (VPC User Guide, Flow log records). */
import { hasPorts, isIcmp, protocolName, serviceName } from './names.ts';
import { type FlowRecord, textOf } from './record.ts';
import { counted, encryption, instant, rejectReason, tcpFlagNames, trafficPath } from './words.ts';

export interface ExplainedField {
  /** AWS's name: `srcaddr`. */
  readonly field: string;
  /** As it stands in the line. */
  readonly value: string;
  readonly meaning: string;
}

/** Every field of the record, in its order, with what its value means. */
export function explainFields(record: FlowRecord): ExplainedField[] {
  return Object.entries(record.fields).map(([field, value]) => ({
    field,
    value,
    meaning: meaningOf(field, value, record),
  }));
}

const STATIC_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['account-id', 'The AWS account that owns the network interface.'],
  ['interface-id', 'The network interface at which the traffic was seen.'],
  ['vpc-id', 'The VPC of the network interface.'],
  ['subnet-id', 'The subnet of the network interface.'],
  ['instance-id', 'The instance that the network interface is attached to.'],
  ['type', 'The kind of traffic: IPv4, IPv6 or EFA.'],
  ['pkt-srcaddr', 'Where the packet itself says it comes from, also behind a NAT gateway or load balancer.'],
  ['pkt-dstaddr', 'Where the packet itself says it goes, also behind a NAT gateway or load balancer.'],
  ['region', 'The Region of the network interface.'],
  ['az-id', 'The Availability Zone of the network interface.'],
  ['sublocation-type', 'The kind of edge location: wavelength, outpost or localzone.'],
  ['sublocation-id', 'The edge location of the network interface.'],
  ['pkt-src-aws-service', 'The AWS service that the source address belongs to.'],
  ['pkt-dst-aws-service', 'The AWS service that the destination address belongs to.'],
  ['resource-id', 'The resource that the traffic passed, where it has no one interface: a regional NAT gateway.'],
  ['ecs-cluster-arn', 'The ECS cluster of the task.'],
  ['ecs-cluster-name', 'The ECS cluster of the task.'],
  ['ecs-container-instance-arn', 'The ECS container instance of the task, where it runs on EC2.'],
  ['ecs-container-instance-id', 'The ECS container instance of the task, where it runs on EC2.'],
  ['ecs-container-id', 'The first container of the ECS task.'],
  ['ecs-second-container-id', 'The second container of the ECS task.'],
  ['ecs-service-name', 'The ECS service of the task.'],
  ['ecs-task-definition-arn', 'The definition of the ECS task.'],
  ['ecs-task-arn', 'The ECS task.'],
  ['ecs-task-id', 'The ECS task.'],
  ['instance-tag', "A tag of the instance that the flow log's settings name."],
  ['instance-tag-2', "A tag of the instance that the flow log's settings name."],
  ['interface-tag', "A tag of the network interface that the flow log's settings name."],
  ['interface-tag-2', "A tag of the network interface that the flow log's settings name."],
  ['asg-tag', "A tag of the Auto Scaling group that the flow log's settings name."],
  ['asg-tag-2', "A tag of the Auto Scaling group that the flow log's settings name."],
  ['interface-type', 'What kind of network interface saw the traffic.'],
  ['next-hop-interface-id', 'The network interface at the other end of the next hop.'],
  ['next-hop-subnet-id', 'The subnet of the next hop.'],
  ['next-hop-az-id', 'The Availability Zone of the next hop.'],
  ['next-hop-vpc-id', 'The VPC of the next hop.'],
  ['next-hop-interface-type', 'What kind of network interface the next hop is.'],
]);

function meaningOf(field: string, value: string, record: FlowRecord): string {
  if (value === '-') return absence(record);
  switch (field) {
    case 'version':
      return `Version ${value} of the record format.`;
    case 'srcaddr':
      return 'The source: who sent it. The interface itself always appears with its private address.';
    case 'dstaddr':
      return 'The destination: to whom it was sent. The interface itself always appears with its private address.';
    case 'srcport':
      return portMeaning('source', record.srcport, record.protocol);
    case 'dstport':
      return portMeaning('destination', record.dstport, record.protocol);
    case 'protocol':
      return `Protocol number ${value} is ${protocolName(Number(value)) ?? 'one without a common name'}. This is not a port.`;
    case 'packets':
      return `${counted(Number(value), 'packet')} in this interval.`;
    case 'bytes':
      return bytesMeaning(record);
    case 'start':
      return `The first packet came at ${instant(Number(value))} UTC or up to a minute before.`;
    case 'end':
      return `The last packet came by ${instant(Number(value))} UTC.`;
    case 'action':
      return actionMeaning(record);
    case 'log-status':
      return statusMeaning(record.status);
    case 'tcp-flags':
      return `TCP flags seen in this interval: ${tcpFlagNames(Number(value)).join(', ') || 'none of note'}.`;
    case 'flow-direction':
      return value === 'ingress' ? 'It came in to the interface.' : 'It went out from the interface.';
    case 'traffic-path':
      return `It left ${trafficPath(value) ?? 'on a path that is not known here'}.`;
    case 'reject-reason':
      return `${rejectReason(value) ?? 'A cause that is not known here'} refused it: neither a security group nor a network ACL.`;
    case 'encryption-status':
      return `The traffic was ${encryption(value) ?? 'encrypted in a way that is not known here'}.`;
    default:
      return STATIC_MEANINGS.get(field) ?? 'A field of a custom format.';
  }
}

function actionMeaning({ action, fields }: FlowRecord): string {
  if (action === 'ACCEPT')
    return 'Security groups and network ACLs let it pass. That is no proof that it arrived or was answered.';
  if (textOf(fields, 'reject-reason') !== undefined) return 'It was not let pass: reject-reason tells why.';
  return 'A security group or network ACL did not let it pass, or its connection was closed already. A missing route does not show as REJECT.';
}

function absence(record: FlowRecord): string {
  return record.status === 'ok' ? 'Does not apply to this traffic.' : 'Nothing to tell: this line reports no traffic.';
}

function statusMeaning(status: FlowRecord['status']): string {
  if (status === 'nodata') return 'There was no traffic in this interval.';
  if (status === 'skipdata')
    return 'AWS skipped some records of this interval, for lack of capacity or an error of its own.';
  return 'The logging worked. It says nothing about the traffic: action does.';
}

function bytesMeaning({ bytes = 0, packets, protocol }: FlowRecord): string {
  // 20 bytes of IP header, 8 of ICMP, 56 of data: what Linux ping sends.
  const pings = protocol === 1 && packets !== undefined && bytes === packets * 84;
  return `${counted(bytes, 'byte')} in this interval${pings ? ': 84 for each packet, the size of a Linux ping' : ''}.`;
}

function portMeaning(side: string, port: number | undefined, protocol: number | undefined): string {
  if (isIcmp(protocol)) return `ICMP has no ports: always ${port}.`;
  if (!hasPorts(protocol)) return 'This protocol has no ports.';
  const service = port === undefined ? undefined : serviceName(protocol, port);
  return `The ${side} port${service ? `, usually ${service}` : ''}.`;
}
