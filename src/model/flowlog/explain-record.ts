/** A whole flow-log record in words: one sentence, and one more for each custom field that has something to add. */
import { hasPorts, isIcmp, protocolName, serviceName } from './names.ts';
import { type FlowRecord, textOf } from './record.ts';
import { counted, encryption, instant, rejectReason, tcpFlagNames, trafficPath } from './words.ts';

/** What the record says, and no more: ACCEPT is no proof of arrival, and REJECT no missing route. */
export function explainRecord(record: FlowRecord): string {
  const where = placeOf(record);
  const when = spanOf(record);
  if (record.status === 'nodata') return `No traffic came to or left ${where}${when} (NODATA). That is no error.`;
  if (record.status === 'skipdata')
    return `AWS skipped records of ${where}${when} (SKIPDATA): this log does not show all of the traffic.`;
  if (tellsNothing(record))
    return `Nothing is told of any traffic at ${where}${when}: every field of the flow is empty.`;
  return [flowSentence(record, where, when), ...additions(record)].join(' ');
}

/** NODATA or SKIPDATA in a format that has no log-status to tell which. */
function tellsNothing({ fields }: FlowRecord): boolean {
  if (Object.hasOwn(fields, 'log-status')) return false;
  const told = FLOW_FIELDS.filter((name) => Object.hasOwn(fields, name));
  return told.length > 0 && told.every((name) => fields[name] === '-');
}

const FLOW_FIELDS = ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr', 'protocol', 'packets', 'bytes', 'action'];

function flowSentence(record: FlowRecord, where: string, when: string): string {
  const { packets, bytes, protocol, srcaddr, srcport, dstaddr, dstport } = record;
  const what = [
    packets === undefined ? 'Traffic' : counted(packets, 'packet'),
    protocol === undefined ? '' : ` of ${protocolText(protocol)}`,
    bytes === undefined ? '' : `, ${counted(bytes, 'byte')},`,
    endText('from', srcaddr, srcport, protocol),
    endText('to', dstaddr, dstport, protocol),
  ].join('');
  const many = packets !== undefined && packets !== 1;
  return `${what.replace(/,$/, '')}${when && `,${when},`} ${many ? 'were' : 'was'} ${fateOf(record, where, many)}.`;
}

function protocolText(protocol: number): string {
  const name = protocolName(protocol);
  if (name === undefined) return `IP protocol ${protocol}`;
  return `${name} (protocol ${protocol}${isIcmp(protocol) ? ', what ping uses' : ''})`;
}

function endText(
  way: 'from' | 'to',
  address: string | undefined,
  port: number | undefined,
  protocol: number | undefined,
): string {
  const shown = port !== undefined && hasPorts(protocol) ? port : undefined;
  if (address === undefined && shown === undefined) return '';
  const service = shown === undefined ? undefined : serviceName(protocol, shown);
  const portText = shown === undefined ? '' : ` port ${shown}${service === undefined ? '' : ` (${service})`}`;
  return ` ${way}${address === undefined ? '' : ` ${address}`}${portText}`;
}

function fateOf({ action, fields, protocol }: FlowRecord, where: string, many: boolean): string {
  const direction = textOf(fields, 'flow-direction');
  const way = direction === undefined ? '' : `, on the way ${direction === 'ingress' ? 'in' : 'out'}`;
  if (action === undefined) return `seen at ${where}${way}`;
  if (action === 'ACCEPT') return `let pass at ${where}${way} (ACCEPT)`;

  const refused = `refused at ${where}${way} (REJECT)`;
  const reason = textOf(fields, 'reject-reason');
  if (reason !== undefined) return `${refused} by ${rejectReason(reason) ?? `what AWS calls ${reason}`}`;
  // An echo has no connection that could have closed.
  const late = isIcmp(protocol) ? '' : `, or came after ${many ? 'their' : 'its'} connection had closed`;
  return `${refused} by a security group or network ACL, not for a missing route${late}`;
}

/** The interface, and the instance if the format has it. */
function placeOf({ interfaceId, fields }: FlowRecord): string {
  const instance = textOf(fields, 'instance-id');
  // A regional NAT gateway has no interface of its own to name.
  const place = interfaceId ?? textOf(fields, 'resource-id');
  if (place !== undefined) return instance === undefined ? place : `${place} of ${instance}`;
  return instance ?? textOf(fields, 'subnet-id') ?? textOf(fields, 'vpc-id') ?? 'the network interface';
}

function spanOf({ start, end }: FlowRecord): string {
  if (start === undefined && end === undefined) return '';
  if (start === undefined || end === undefined || start === end)
    return `${start === undefined ? ' until' : end === undefined ? ' from' : ' at'} ${instant(start ?? end ?? 0)} UTC`;
  const [from, to] = [instant(start), instant(end)];
  return ` between ${from} and ${from.slice(0, DATE) === to.slice(0, DATE) ? to.slice(DATE) : to} UTC`;
}

const DATE = '2024-11-14 '.length;

function additions(record: FlowRecord): string[] {
  const { fields } = record;
  const service = [
    ['source', textOf(fields, 'pkt-src-aws-service')],
    ['destination', textOf(fields, 'pkt-dst-aws-service')],
  ].flatMap(([end, name]) => (name === undefined ? [] : [`The ${end} is an address of AWS (${name}).`]));
  return [
    ...flagsText(record),
    ...packetAddressesText(record),
    ...service,
    ...oneField(fields, 'traffic-path', (code) => `The way out: ${known(trafficPath(code), 'traffic-path', code)}.`),
    ...nextHopText(fields),
    ...oneField(fields, 'encryption-status', (code) => `It is ${known(encryption(code), 'encryption-status', code)}.`),
    ...oneField(fields, 'ecs-task-id', (task) => `It is of ECS task ${task}.`),
    ...(fields.type === 'EFA' ? ['It is Elastic Fabric Adapter traffic.'] : []),
  ];
}

type Fields = FlowRecord['fields'];

function oneField(fields: Fields, name: string, say: (value: string) => string): string[] {
  const value = textOf(fields, name);
  return value === undefined ? [] : [say(value)];
}

function known(words: string | undefined, field: string, code: string): string {
  return words === undefined ? `${field} ${code}` : `${words} (${field} ${code})`;
}

/** Flags tell who opened and who ended the connection; of a REJECT, what was tried. */
function flagsText({ fields, protocol }: FlowRecord): string[] {
  const value = textOf(fields, 'tcp-flags');
  const flags = Number(value);
  if (value === undefined || (protocol !== undefined && protocol !== 6) || (protocol === undefined && flags === 0))
    return [];
  const names = tcpFlagNames(flags);
  if (names.length === 0) return [`TCP flags 0: no SYN, FIN or RST, so ${UNDER_WAY}.`];
  const meanings = names.flatMap((name) => FLAG_MEANINGS.get(name) ?? []);
  const meaning = meanings.length === 0 ? '' : `: the sender ${meanings.join(' and ')}`;
  return [`TCP flags ${value}, ${names.join(' and ')}${meaning}.`];
}

const UNDER_WAY = 'the connection neither began nor ended here';

const FLAG_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['SYN', 'asked for a connection'],
  ['SYN-ACK', 'answered a request for a connection'],
  ['FIN', 'closed it'],
  ['RST', 'broke it off'],
]);

/** Where the packets' own addresses differ, something in between or the interface stands for them (Flow log limitations). */
function packetAddressesText({ fields, srcaddr, dstaddr }: FlowRecord): string[] {
  const differing = [
    ['come from', 'srcaddr', srcaddr, textOf(fields, 'pkt-srcaddr')],
    ['are for', 'dstaddr', dstaddr, textOf(fields, 'pkt-dstaddr')],
  ] as const;
  return differing.flatMap(([say, field, address, packet]) => {
    if (packet === undefined || packet === address) return [];
    if (address === undefined) return [`The packets themselves ${say} ${packet}.`];
    return [
      `The packets themselves ${say} ${packet}; ${field} names the interface, or something in between such as a NAT gateway.`,
    ];
  });
}

function nextHopText(fields: Fields): string[] {
  const [hop, type] = [textOf(fields, 'next-hop-interface-id'), textOf(fields, 'next-hop-interface-type')];
  if (hop === undefined && type === undefined) return [];
  const what = [hop, type && (hop === undefined ? type : `(${type})`)].filter(Boolean).join(' ');
  return [`At the next hop: ${what}.`];
}
