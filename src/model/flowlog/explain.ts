/** Flow-log records in plain words (VPC User Guide, Flow log records). */
import type { FlowRecord } from './record.ts';

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

/** The whole record in one sentence. */
export function explainRecord(record: FlowRecord): string {
  const { interfaceId, srcaddr, dstaddr, protocol, packets, bytes, start, end, action } = record;
  const where = interfaceId ?? 'the network interface';
  const span = start === undefined || end === undefined ? '' : ` between ${instant(start)} and ${instant(end)}`;
  if (record.status === 'nodata') return `No traffic reached or left ${where}${span}.`;
  if (record.status === 'skipdata') return `AWS could not record some of the traffic of ${where}${span}.`;

  const what = [
    packets === undefined ? 'Traffic' : counted(packets, 'packet'),
    protocol === undefined ? '' : `of ${protocolName(protocol)}`,
    bytes === undefined ? '' : `(${counted(bytes, 'byte')})`,
    srcaddr === undefined ? '' : `from ${srcaddr}${portText(record, record.srcport)}`,
    dstaddr === undefined ? '' : `to ${dstaddr}${portText(record, record.dstport)}`,
  ];
  const verb = packets === undefined || packets === 1 ? 'was' : 'were';
  const fate = action && (action === 'ACCEPT' ? ` ${verb} accepted` : ` ${verb} rejected`);
  const by = action === 'REJECT' ? ': a security group or a network ACL did not allow it' : '';
  return `${what.filter(Boolean).join(' ')}${fate ?? ' crossed'} at ${where}${span}${by}.`;
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
  [
    'reject-reason',
    'Why the traffic was rejected, where it was neither a security group nor a network ACL (BPA: VPC Block Public Access).',
  ],
]);

/** Version 5, `traffic-path`: how traffic leaves the interface. */
const TRAFFIC_PATHS: ReadonlyMap<string, string> = new Map([
  ['1', 'through another resource in the same VPC'],
  ['2', 'through an internet gateway or a gateway VPC endpoint'],
  ['3', 'through a virtual private gateway'],
  ['4', 'through a peering connection inside the Region'],
  ['5', 'through a peering connection to another Region'],
  ['6', 'through a local gateway'],
  ['7', 'through a gateway VPC endpoint'],
  ['8', 'through an internet gateway'],
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
      return `Protocol number ${value} is ${protocolName(Number(value))}. This is not a port.`;
    case 'packets':
      return `${counted(Number(value), 'packet')} in this interval.`;
    case 'bytes':
      return bytesMeaning(record);
    case 'start':
      return `The first packet came at ${instant(Number(value))} or up to a minute before.`;
    case 'end':
      return `The last packet came by ${instant(Number(value))}.`;
    case 'action':
      return value === 'ACCEPT'
        ? 'Security groups and network ACLs let it pass. That is no proof that it arrived or was answered.'
        : 'A security group or network ACL did not let it pass, or its connection was closed already. A missing route does not show as REJECT.';
    case 'log-status':
      return statusMeaning(record.status);
    case 'tcp-flags':
      return tcpFlagsMeaning(Number(value));
    case 'flow-direction':
      return value === 'ingress' ? 'It came in to the interface.' : 'It went out from the interface.';
    case 'traffic-path':
      return `It left ${TRAFFIC_PATHS.get(value) ?? 'on a path that is not known here'}.`;
    default:
      return STATIC_MEANINGS.get(field) ?? 'A field of a custom format.';
  }
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

/** The number alone is no sure sign of the program that uses it: these are the usual ones. */
const SERVICES: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [25, 'SMTP'],
  [53, 'DNS'],
  [80, 'HTTP'],
  [123, 'NTP'],
  [443, 'HTTPS'],
  [3306, 'MySQL'],
  [3389, 'Remote Desktop'],
  [5432, 'PostgreSQL'],
]);

function portMeaning(side: string, port: number | undefined, protocol: number | undefined): string {
  if (protocol === 1 || protocol === 58) return `ICMP has no ports: always ${port}.`;
  const service = port === undefined ? undefined : SERVICES.get(port);
  return `The ${side} port${service ? `, usually ${service}` : ''}.`;
}

function portText({ protocol }: FlowRecord, port: number | undefined): string {
  if (port === undefined || (protocol !== 6 && protocol !== 17)) return '';
  const service = SERVICES.get(port);
  return ` port ${port}${service ? ` (${service})` : ''}`;
}

/** IANA, Assigned Internet Protocol Numbers: those that a VPC usually carries. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [4, 'IPv4 in IP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [41, 'IPv6 in IP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [51, 'AH'],
  [58, 'ICMPv6'],
]);

/** `TCP` for 6, `ICMP` for 1; `protocol 99` for one without a common name. */
function protocolName(protocol: number): string {
  return PROTOCOLS.get(protocol) ?? `protocol ${protocol}`;
}

function tcpFlagsMeaning(flags: number): string {
  const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, bit) => (flags & (1 << bit)) !== 0);
  return `TCP flags seen in this interval: ${names.join(', ') || 'none of note'}.`;
}

/** `2024-11-14 16:33:01 UTC`. */
function instant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
