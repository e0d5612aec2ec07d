import { describe, expect, test } from 'vitest';
import { explainFields } from '../../../src/model/flowlog/explain.ts';
import { FIELDS, validityOf } from '../../../src/model/flowlog/fields.ts';
import { DEFAULT_FORMAT, type FlowRecord, fieldsOf, parseRecord } from '../../../src/model/flowlog/record.ts';

function read(line: string, format = DEFAULT_FORMAT): FlowRecord {
  const record = parseRecord(line, format);
  if (record.status === 'unreadable') throw new Error(record.why);
  return record;
}
// A learner's own record of `ping -c 5`, and one of a scan from the internet.
const ping = read(
  '2 123456789012 eni-04a8d0454d22b39cb 10.1.11.66 10.2.9.247 0 0 1 5 420 1781473923 1781473946 ACCEPT OK',
);
const scan = read(
  '2 123456789012 eni-04a8d0454d22b39cb 147.185.132.233 10.1.13.148 49191 22 6 1 44 1778334621 1778334680 REJECT OK',
);
const windows = read('2 123456789012 eni-1 10.1.11.66 10.2.9.247 0 0 1 2 120 1781473923 1781473946 ACCEPT OK');
const nodata = read('2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA');

describe('the fields of a record', () => {
  const meaning = (record: FlowRecord, name: string) =>
    explainFields(record).find(({ field }) => field === name)?.meaning;

  test('are all explained, in their order, with their values', () => {
    const explained = explainFields(ping);
    expect(explained.map(({ field }) => field)).toEqual(fieldsOf(DEFAULT_FORMAT));
    expect(explained.map(({ value }) => value).join(' ')).toContain('10.1.11.66 10.2.9.247 0 0 1 5 420');
    for (const { meaning: text } of explained) expect(text).toMatch(/^[A-Z0-9].*\.$/);
  });

  // The mistakes that write-ups of the lab make.
  test.each([
    ['6 is a protocol and no port', scan, 'protocol', 'Protocol number 6 is TCP. This is not a port.'],
    ['1 is ICMP', ping, 'protocol', 'Protocol number 1 is ICMP. This is not a port.'],
    ['ICMP has no ports', ping, 'dstport', 'ICMP has no ports: always 0.'],
    ['a well-known port is named', scan, 'dstport', 'The destination port, usually SSH.'],
    [
      'OK is about the logging',
      scan,
      'log-status',
      'The logging worked. It says nothing about the traffic: action does.',
    ],
    ['packets are counted', ping, 'packets', '5 packets in this interval.'],
    ['start is a time', scan, 'start', 'The first packet came at 2026-05-09 13:50:21 UTC or up to a minute before.'],
    [
      'a Linux ping is 84 bytes',
      ping,
      'bytes',
      '420 bytes in this interval: 84 for each packet, the size of a Linux ping.',
    ],
    ['44 bytes of TCP are no ping', scan, 'bytes', '44 bytes in this interval.'],
    ['other ICMP is no Linux ping', windows, 'bytes', '120 bytes in this interval.'],
    ['NODATA has no source', nodata, 'srcaddr', 'Nothing to tell: this line reports no traffic.'],
    ['NODATA is no error', nodata, 'log-status', 'There was no traffic in this interval.'],
  ])('%s', (_, record, name, expected) => expect(meaning(record, name)).toBe(expected));

  test('say that REJECT is no missing route, and that ACCEPT is no arrival', () => {
    expect(meaning(scan, 'action')).toContain('A missing route does not show as REJECT.');
    expect(meaning(ping, 'action')).toContain('no proof that it arrived');
  });

  test('of custom formats are explained too', () => {
    const record = read(
      'egress 4 18 vpc-1 whatever new',
      '${flow-direction} ${traffic-path} ${tcp-flags} ${vpc-id} ${ecs-task-id} ${of-tomorrow}',
    );
    expect(explainFields(record).map(({ meaning: text }) => text)).toEqual([
      'It went out from the interface.',
      'It left through a peering connection inside the Region.',
      'TCP flags seen in this interval: SYN-ACK.',
      'The VPC of the network interface.',
      'The ECS task.',
      'A field of a custom format.',
    ]);
  });

  test('what Block Public Access refused was refused by no security group', () => {
    const record = read('REJECT BPA', '${action} ${reject-reason}');
    expect(meaning(record, 'action')).not.toContain('security group');
    expect(meaning(record, 'reject-reason')).toMatch(/^VPC Block Public Access refused it/);
  });

  test('every field of AWS has a meaning of its own', () => {
    const format = FIELDS.map((name) => `\${${name}}`).join(' ');
    const values = { ...scan.fields, version: '11' };
    const line = FIELDS.map((name) => values[name as 'version'] ?? (validityOf(name) ? '-' : 'any')).join(' ');
    for (const { meaning: text } of explainFields(read(line, format))) expect(text).not.toContain('custom format');
  });
});
