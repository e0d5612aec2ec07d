/** The fields that a flow log can have, and what may stand in them (VPC User Guide, Flow log records: available fields). */
import { isAddress6 } from '../network/cidr.ts';

/** In the order of AWS's table. Version 6 is that of transit gateways, whose flow logs are others. */
const FIELDS_OF_VERSION: ReadonlyMap<number, string> = new Map([
  [
    2,
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  ],
  [3, 'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr'],
  [4, 'region az-id sublocation-type sublocation-id'],
  [5, 'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path'],
  [
    7,
    'ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id ' +
      'ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id',
  ],
  [8, 'reject-reason'],
  [9, 'resource-id'],
  [10, 'encryption-status'],
  [
    11,
    'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id ' +
      'next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type',
  ],
]);

const VERSION_OF_FIELD: ReadonlyMap<string, number> = new Map(
  [...FIELDS_OF_VERSION].flatMap(([version, names]) => names.split(' ').map((name) => [name, version] as const)),
);

/** Every field's name, in the order of AWS's table. */
export const FIELDS: readonly string[] = [...VERSION_OF_FIELD.keys()];

/** The version that brought the field; undefined for what is no field of a VPC flow log. */
export function versionOfField(name: string): number | undefined {
  return VERSION_OF_FIELD.get(name);
}

/** Unix seconds at the end of the year 9999: later instants have no usual notation. */
const LAST_SECOND = 253_402_300_799;

/** Could AWS have written this value into the field? */
export type Validity = (value: string) => boolean;

const VALIDITY: ReadonlyMap<string, Validity> = new Map<string, Validity>([
  ['version', upTo(99)],
  ['account-id', (value) => value === 'unknown' || /^\d{12}$/.test(value)],
  ['interface-id', startsWith('eni-')],
  ['srcaddr', isAnyAddress],
  ['dstaddr', isAnyAddress],
  ['srcport', upTo(65_535)],
  ['dstport', upTo(65_535)],
  ['protocol', upTo(255)],
  ['packets', upTo(Number.MAX_SAFE_INTEGER)],
  ['bytes', upTo(Number.MAX_SAFE_INTEGER)],
  ['start', upTo(LAST_SECOND)],
  ['end', upTo(LAST_SECOND)],
  ['action', oneOf('ACCEPT', 'REJECT')],
  ['log-status', oneOf('OK', 'NODATA', 'SKIPDATA')],
  ['vpc-id', startsWith('vpc-')],
  ['subnet-id', startsWith('subnet-')],
  ['instance-id', startsWith('i-')],
  ['tcp-flags', upTo(255)],
  ['type', oneOf('IPv4', 'IPv6', 'EFA')],
  ['pkt-srcaddr', isAnyAddress],
  ['pkt-dstaddr', isAnyAddress],
  ['flow-direction', oneOf('ingress', 'egress')],
  ['traffic-path', upTo(99)],
  ['encryption-status', upTo(99)],
  ['next-hop-interface-id', startsWith('eni-')],
  ['next-hop-subnet-id', startsWith('subnet-')],
  ['next-hop-vpc-id', startsWith('vpc-')],
]);

/** What tells whether AWS could have written a value into the field (`-` aside); undefined where it could write any. */
export function validityOf(name: string): Validity | undefined {
  return VALIDITY.get(name);
}

/** What isAddress says, at a tenth of its price: every record has two to four of them. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?=\d)|$)){4}$/;

function isAnyAddress(value: string): boolean {
  return IPV4.test(value) || isAddress6(value);
}

function upTo(largest: number): Validity {
  return (value) => /^\d{1,16}$/.test(value) && Number(value) <= largest;
}

function startsWith(prefix: string): Validity {
  const id = new RegExp(`^${prefix}[0-9a-z]+$`);
  return (value) => id.test(value);
}

function oneOf(...values: readonly string[]): Validity {
  return (value) => values.includes(value);
}
