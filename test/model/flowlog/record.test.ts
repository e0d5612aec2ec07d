import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELDS, validityOf } from '../../../src/model/flowlog/fields.ts';
import { DEFAULT_FORMAT, fieldsOf, parseRecord, versionOf, writeRecord } from '../../../src/model/flowlog/record.ts';
import { isAddress } from '../../../src/model/network/cidr.ts';

// VPC User Guide, Flow log record examples.
const SSH =
  '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';
const RDP =
  '2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK';
const PING =
  '2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1432917027 1432917142 ACCEPT OK';
const NODATA = '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA';
const SKIPDATA = '2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA';
const IPV6 =
  '2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK';

describe("AWS's own examples are read", () => {
  test.each([
    [
      'accepted SSH',
      SSH,
      {
        status: 'ok',
        srcaddr: '172.31.16.139',
        srcport: 20641,
        dstport: 22,
        protocol: 6,
        packets: 20,
        bytes: 4249,
        action: 'ACCEPT',
      },
    ],
    ['rejected RDP', RDP, { status: 'ok', dstaddr: '172.31.9.12', dstport: 3389, action: 'REJECT' }],
    [
      'a ping',
      PING,
      { srcport: 0, dstport: 0, protocol: 1, packets: 4, bytes: 336, start: 1432917027, end: 1432917142 },
    ],
    [
      'no data',
      NODATA,
      {
        status: 'nodata',
        interfaceId: 'eni-1235b8ca123456789',
        srcaddr: undefined,
        packets: undefined,
        start: 1431280876,
        action: undefined,
      },
    ],
    ['skipped data', SKIPDATA, { status: 'skipdata', interfaceId: 'eni-11111111aaaaaaaaa' }],
    ['IPv6', IPV6, { srcaddr: '2001:db8:1234:a100:8d6e:3477:df66:f105', protocol: 6 }],
  ])('%s', (_, line, expected) => expect(parseRecord(line)).toMatchObject(expected));

  test('a custom format in its own order', () => {
    const format = '${flow-direction} ${dstaddr} ${tcp-flags} ${srcaddr} ${traffic-path}';
    expect(fieldsOf(format)).toEqual(['flow-direction', 'dstaddr', 'tcp-flags', 'srcaddr', 'traffic-path']);
    const record = parseRecord('egress 10.2.9.247 2 10.1.11.66 4', format);
    expect(record).toMatchObject({
      status: 'ok',
      srcaddr: '10.1.11.66',
      fields: { 'traffic-path': '4' },
      bytes: undefined,
    });
  });
});

describe('what is no record is unreadable, with the reason', () => {
  test.each([
    ['an empty line', '', '14 fields expected, 1 found'],
    ['a cut line', SSH.slice(0, 60), '14 fields expected, 5 found'],
    ['a line of another version', SSH.replace('2 ', '5 '), 'it is of version 5, and this format of version 2'],
    ['no traffic, and yet some', SSH.replace(' OK', ' NODATA'), 'log-status is NODATA, and yet it tells of traffic'],
    ['an interface that is none', SSH.replace('eni-', 'vpc-'), 'interface-id cannot be vpc-1235b8ca123456789'],
    ["a file's header line", fieldsOf(DEFAULT_FORMAT).join(' '), 'version cannot be version'],
    ['a port beyond 65535', SSH.replace(' 22 ', ' 99999 '), 'dstport cannot be 99999'],
    ['a negative count', SSH.replace(' 4249 ', ' -5 '), 'bytes cannot be -5'],
    ['an action that AWS does not write', SSH.replace('ACCEPT', 'ALLOWED'), 'action cannot be ALLOWED'],
    ['an address that is none', SSH.replace('172.31.16.21', 'example.com'), 'dstaddr cannot be example.com'],
    ['a time beyond all calendars', SSH.replace('1418530010', '9999999999999'), 'start cannot be'],
    ['a status that AWS does not write', SSH.replace(' OK', ' constructor'), 'log-status cannot be constructor'],
  ])('%s', (_, line, why) =>
    expect(parseRecord(line)).toMatchObject({ status: 'unreadable', why: expect.stringContaining(why) }));

  test('whatever the line and the format are', () => {
    const hostile = fc.constantFrom(
      '${__proto__} ${constructor}',
      '${',
      '${}',
      '',
      '${version} ${version}',
      DEFAULT_FORMAT,
    );
    fc.assert(fc.property(fc.string({ maxLength: 80 }), hostile, (line, format) => void parseRecord(line, format)));
    expect(parseRecord('a b', '${__proto__} ${constructor}')).toMatchObject({ status: 'ok' });
  });
});

test('a record that was written is read back, in whichever format', () => {
  const number = (max: number) => fc.integer({ min: 0, max }).map(String);
  const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{17}$/).map((hex) => prefix + hex);
  const constraints = {
    'account-id': fc.constant('123456789012'),
    'interface-id': fc.constant('eni-1'),
    srcaddr: fc.oneof(fc.ipV4(), fc.ipV6()),
    dstaddr: fc.oneof(fc.ipV4(), fc.ipV6()),
    srcport: number(65_535),
    dstport: number(65_535),
    protocol: number(255),
    packets: number(1e9),
    bytes: number(1e12),
    start: number(2e9),
    end: number(2e9),
    action: fc.constantFrom('ACCEPT', 'REJECT'),
    'log-status': fc.constant('OK'),
    'vpc-id': id('vpc-'),
    'subnet-id': id('subnet-'),
    'instance-id': fc.oneof(id('i-'), fc.constant('-')),
    'tcp-flags': number(255),
    type: fc.constantFrom('IPv4', 'IPv6', 'EFA'),
    'pkt-srcaddr': fc.ipV4(),
    'az-id': fc.constantFrom('use1-az1', '-'),
    'pkt-dst-aws-service': fc.constantFrom('S3', 'AMAZON', '-'),
    'flow-direction': fc.constantFrom('ingress', 'egress'),
    'traffic-path': fc.constantFrom('1', '8', '-'),
    'ecs-task-arn': fc.constant('arn:aws:ecs:us-east-1:123456789012:task/c/1'),
    'reject-reason': fc.constantFrom('BPA', 'EC', '-'),
    'resource-id': id('nat-'),
    'encryption-status': fc.constantFrom('0', '3', '-'),
    'next-hop-interface-type': fc.constant('nat_gateway'),
  };
  const format = fc
    .shuffledSubarray(['version', ...FIELDS.filter((name) => name in constraints)], { minLength: 1 })
    .map((names) => names.map((name) => `\${${name}}`).join(' '));
  fc.assert(
    fc.property(fc.record(constraints), format, (values, wanted) => {
      const given = { ...values, version: String(versionOf(wanted)) };
      const record = parseRecord(writeRecord(given, wanted), wanted);
      const expected = Object.fromEntries(Object.entries(given).filter(([name]) => fieldsOf(wanted).includes(name)));
      expect(record).toMatchObject({ status: 'ok', fields: expected });
    }),
  );
});

test('an address is one where the library says so', () => {
  const part = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.constantFrom('', '01', '00', 'x', '-1', ' 1'));
  const text = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), text), (value) => {
      expect(validityOf('srcaddr')?.(value)).toBe(isAddress(value));
    }),
  );
});

test('a field without a value is written as a hyphen', () => {
  expect(writeRecord({ 'log-status': 'NODATA', start: '1', end: '2', version: '2' }, DEFAULT_FORMAT)).toBe(
    '2 - - - - - - - - - 1 2 - NODATA',
  );
});

/** VPC User Guide, Flow log records: the values that the fields may have. */
describe('a line is unreadable where a field has a value of another kind', () => {
  const id = '0123456789abcdef0';
  test.each<[field: string, right: readonly string[], wrong: readonly string[]]>([
    ['account-id', ['123456789012', 'unknown'], ['12345678901', '1234567890123', 'a123456789012']],
    ['interface-id', [`eni-${id}`], [`i-${id}`, 'eni-', `x-eni-${id}`]],
    ['srcaddr', ['10.1.0.5', '::1'], ['10.1.0', '10.1.0.256']],
    ['dstaddr', ['10.1.0.5', '::1'], ['10.1.0', 'here']],
    ['srcport', ['0', '65535'], ['65536', 'ssh']],
    ['dstport', ['0', '65535'], ['65536', '-1']],
    ['protocol', ['0', '255'], ['256', 'icmp']],
    ['packets', ['0', '9007199254740991'], ['9007199254740992', '1.5', '1k']],
    ['bytes', ['0', '9007199254740991'], ['9007199254740992', '1e3']],
    ['start', ['0', '253402300799'], ['253402300800', '2026-11-23']],
    ['end', ['0', '253402300799'], ['253402300800', '2026-11-23']],
    ['action', ['ACCEPT', 'REJECT'], ['accept', 'DROP']],
    ['log-status', ['OK', 'NODATA', 'SKIPDATA'], ['ok']],
    ['vpc-id', [`vpc-${id}`], [id]],
    ['subnet-id', [`subnet-${id}`], [`vpc-${id}`]],
    ['instance-id', [`i-${id}`], [`eni-${id}`]],
    ['tcp-flags', ['0', '255'], ['256', 'SYN']],
    ['type', ['IPv4', 'IPv6', 'EFA'], ['ipv4']],
    ['pkt-srcaddr', ['10.1.0.5', '::1'], ['10.1.0']],
    ['pkt-dstaddr', ['10.1.0.5', '::1'], ['10.1.0']],
    ['flow-direction', ['ingress', 'egress'], ['in']],
    ['traffic-path', ['1', '99'], ['100', 'igw']],
    ['encryption-status', ['0', '99'], ['100', 'yes']],
    ['next-hop-interface-id', [`eni-${id}`], [id]],
    ['next-hop-subnet-id', [`subnet-${id}`], [id]],
    ['next-hop-vpc-id', [`vpc-${id}`], [id]],
  ])('%s', (field, right, wrong) => {
    const isRead = (value: string) =>
      parseRecord(`${value} eu-west-1`, `\${${field}} \${region}`).status !== 'unreadable';
    expect([...right, '-'].filter((value) => !isRead(value))).toEqual([]);
    expect(wrong.filter(isRead)).toEqual([]);
  });
});
