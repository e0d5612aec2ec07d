import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainRecord } from '../../../src/model/flowlog/explain-record.ts';
import { protocolName } from '../../../src/model/flowlog/names.ts';
import { DEFAULT_FORMAT, parseRecord } from '../../../src/model/flowlog/record.ts';

/** Formats are given as the names of their fields. */
function explain(line: string, names?: string): string {
  const format = names === undefined ? DEFAULT_FORMAT : names.replace(/\S+/g, (name) => `\${${name}}`);
  const record = parseRecord(line, format);
  if (record.status === 'unreadable') throw new Error(record.why);
  return explainRecord(record);
}

const TCP =
  'version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status';
const TCP_PLACE =
  '3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4';
const NAT = 'instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr';
const TGW =
  'version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol tcp-flags type pkt-srcaddr pkt-dstaddr action log-status';
const PATH =
  'version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id vpc-id subnet-id instance-id interface-id region az-id sublocation-type sublocation-id action tcp-flags pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service traffic-path flow-direction log-status';

// VPC User Guide, Flow log record examples: the lines, and what the guide says of each.
describe("AWS's examples say what AWS says of them", () => {
  test.each([
    [
      'SSH was allowed',
      '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK',
      undefined,
      ['TCP', 'to 172.31.16.21 port 22 (SSH)', 'let pass at eni-1235b8ca123456789 (ACCEPT)'],
      ['refused'],
    ],
    [
      'RDP was rejected',
      '2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK',
      undefined,
      [
        'port 3389 (Remote Desktop)',
        'refused',
        'security group or network ACL',
        'came after their connection had closed',
      ],
      ['let pass'],
    ],
    [
      'no data',
      '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA',
      undefined,
      ['No traffic', 'eni-1235b8ca123456789', '2015-05-10 18:01:16 and 18:02:14 UTC'],
      ['packet', 'let pass', 'refused'],
    ],
    [
      'skipped records',
      '2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA',
      undefined,
      ['AWS skipped records of eni-11111111aaaaaaaaa'],
      ['No traffic'],
    ],
    [
      'the ping was allowed',
      '2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1432917027 1432917142 ACCEPT OK',
      undefined,
      ['4 packets of ICMP', 'what ping uses', '336 bytes', 'let pass'],
      ['port', 'IPv4 in IP'],
    ],
    [
      'its answer was denied',
      '2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 1432917094 1432917142 REJECT OK',
      undefined,
      ['from 172.31.16.139 to 203.0.113.12', 'refused', 'network ACL', 'not for a missing route'],
      ['port', 'connection'],
    ],
    [
      'IPv6',
      '2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK',
      undefined,
      ['from 2001:db8:1234:a100:8d6e:3477:df66:f105 port 34892', 'port 22 (SSH)'],
      [],
    ],
    [
      'SYN: the client starts a connection',
      `${TCP_PLACE} 52.213.180.42 10.0.0.62 43416 5001 52.213.180.42 10.0.0.62 6 568 8 1566848875 1566848933 ACCEPT 2 OK`,
      TCP,
      ['TCP flags 2, SYN: the sender asked for a connection.'],
      ['themselves', 'closed'],
    ],
    [
      'SYN-ACK: the server answers',
      `${TCP_PLACE} 10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 52.213.180.42 6 376 7 1566848875 1566848933 ACCEPT 18 OK`,
      TCP,
      ['TCP flags 18, SYN-ACK: the sender answered a request for a connection.'],
      ['asked'],
    ],
    [
      'FIN: the connection is closed',
      `${TCP_PLACE} 10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 52.213.180.42 6 63388 1219 1566848933 1566849113 ACCEPT 1 OK`,
      TCP,
      ['TCP flags 1, FIN: the sender closed it.'],
      [],
    ],
    [
      'SYN and FIN in one interval',
      `${TCP_PLACE} 52.213.180.42 10.0.0.62 43638 5001 52.213.180.42 10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK`,
      TCP,
      ['TCP flags 3, SYN and FIN: the sender asked for a connection and closed it.'],
      [],
    ],
    [
      'SYN-ACK and FIN in one interval (with the two spaces that the guide has)',
      `${TCP_PLACE} 10.0.0.62 52.213.180.42 5001 43638  10.0.0.62 52.213.180.42 6 967 14 1566933133 1566933193 ACCEPT 19 OK`,
      TCP,
      ['TCP flags 19, SYN-ACK and FIN'],
      [],
    ],
    [
      'to a NAT gateway: the final destination is another',
      '- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5',
      NAT,
      ['from 10.0.1.5 to 10.0.0.220', 'are for 203.0.113.5; dstaddr', 'NAT gateway'],
      ['come from', 'let pass'],
    ],
    [
      'from the NAT gateway to the host',
      '- eni-1235b8ca123456789 10.0.0.220 203.0.113.5 10.0.0.220 203.0.113.5',
      NAT,
      ['from 10.0.0.220 to 203.0.113.5'],
      ['themselves'],
    ],
    [
      'from the NAT gateway back to the instance: the source is another',
      '- eni-1235b8ca123456789 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5',
      NAT,
      ['come from 203.0.113.5; srcaddr'],
      ['are for'],
    ],
    [
      'at the instance nothing differs',
      'i-01234567890123456 eni-1111aaaa2222bbbb3 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5',
      NAT,
      ['eni-1111aaaa2222bbbb3 of i-01234567890123456'],
      ['themselves'],
    ],
    [
      'through a transit gateway, the request',
      '3 eni-11111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111aaaaaaaaa - 10.40.1.175 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK',
      TGW,
      ['port 80 (HTTP)', 'come from 10.20.33.164', 'SYN and FIN'],
      ['are for'],
    ],
    [
      'from S3, coming in',
      '5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 19 52.95.128.179 10.0.0.71 S3 - - ingress OK',
      PATH,
      ['on the way in', 'The source is an address of AWS (S3).'],
      ['The way out', 'The destination'],
    ],
    [
      'to S3, going out through an internet gateway',
      '5 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 IPv4 7 471 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 3 10.0.0.71 52.95.128.179 - S3 8 egress OK',
      PATH,
      ['on the way out', 'The destination is an address of AWS (S3).', 'through an internet gateway (traffic-path 8)'],
      ['The source'],
    ],
  ])('%s', (_, line, names, said, unsaid) => {
    const text = explain(line, names);
    for (const part of said) expect(text).toContain(part);
    for (const part of unsaid) expect(text).not.toContain(part);
  });
});

describe('a whole explanation', () => {
  test('of a scan from the internet', () => {
    expect(
      explain(
        '2 123456789012 eni-04a8d0454d22b39cb 147.185.132.233 10.1.13.148 49191 22 6 1 44 1778334621 1778334680 REJECT OK',
      ),
    ).toBe(
      '1 packet of TCP (protocol 6), 44 bytes, from 147.185.132.233 port 49191 to 10.1.13.148 port 22 (SSH), between ' +
        '2026-05-09 13:50:21 and 13:51:20 UTC, was refused at eni-04a8d0454d22b39cb (REJECT) by a security group or ' +
        'network ACL, not for a missing route, or came after its connection had closed.',
    );
  });

  test('of two addresses alone', () => {
    expect(explain('10.1.11.66 10.2.9.247', 'srcaddr dstaddr')).toBe(
      'Traffic from 10.1.11.66 to 10.2.9.247 was seen at the network interface.',
    );
  });
});

describe('protocols and ports', () => {
  const flow = (protocol: number, ports = '40000 22') =>
    explain(`10.0.0.1 10.0.0.2 ${ports} ${protocol}`, 'srcaddr dstaddr srcport dstport protocol');

  test.each([
    [47, 'GRE (protocol 47)'],
    [50, 'ESP (protocol 50)'],
    [58, 'ICMPv6 (protocol 58, what ping uses)'],
    [132, 'SCTP (protocol 132)'],
    [253, 'of IP protocol 253 '],
  ])('protocol %i', (protocol, text) => expect(flow(protocol)).toContain(text));

  test('port 22 is SSH with TCP alone, and 123 is NTP with UDP alone', () => {
    expect(flow(6)).toContain('port 22 (SSH)');
    expect(flow(17)).toContain('port 22 was');
    expect(flow(17, '40000 123')).toContain('port 123 (NTP)');
    expect(flow(6, '40000 123')).toContain('port 123 was');
  });

  test('what has no ports is given none', () => {
    for (const protocol of [1, 47, 50, 58]) expect(flow(protocol, '0 0')).not.toContain('port 0');
  });

  // The system's copy of IANA's list, where there is one.
  test.runIf(existsSync('/etc/protocols'))('the names are those of IANA', () => {
    const lines = readFileSync('/etc/protocols', 'utf8').matchAll(/^(\S+)\t+(\d+)\t+(\S+)/gm);
    const named = [...lines].map(([, , number, name]) => [Number(number), name?.toUpperCase()] as const);
    const spelled = new Map([
      [112, 'VRRP'],
      [50, 'IPSEC-ESP'],
      [51, 'IPSEC-AH'],
      [136, 'UDPLITE'],
      [97, 'ETHERIP'],
      [89, 'OSPFIGP'],
      [58, 'IPV6-ICMP'],
      [88, 'EIGRP'],
    ]);
    for (const [number, name] of named) {
      const ours = protocolName(number);
      if (ours === undefined || / /.test(ours)) continue;
      expect([ours.toUpperCase(), spelled.get(number)]).toContain(name);
    }
  });
});

describe('the fields of later versions', () => {
  test('VPC Block Public Access and encryption controls are named, and no security group is blamed', () => {
    const by = (reason: string) =>
      explain(`10.0.0.1 10.0.0.2 REJECT ${reason}`, 'srcaddr dstaddr action reject-reason');
    expect(by('BPA')).toMatch(/by VPC Block Public Access\.$/);
    expect(by('EC')).toMatch(/by VPC Encryption Controls\.$/);
    expect(by('NEW')).toMatch(/by what AWS calls NEW\.$/);
    expect(by('-')).toContain('by a security group or network ACL');
    expect(by('BPA')).not.toContain('security group');
  });

  test.each([
    ['1', 'another resource in the same VPC'],
    ['2', 'an internet gateway or a gateway VPC endpoint'],
    ['3', 'a virtual private gateway'],
    ['4', 'a peering connection inside the Region'],
    ['5', 'a peering connection to another Region'],
    ['6', 'a local gateway'],
    ['7', 'a gateway VPC endpoint'],
    ['8', 'an internet gateway'],
  ])('traffic-path %s', (code, text) =>
    expect(explain(`10.0.0.1 ${code}`, 'srcaddr traffic-path')).toContain(
      `The way out: through ${text} (traffic-path ${code}).`,
    ));

  test.each([
    ['0', 'It is not encrypted (encryption-status 0).'],
    ['3', 'by the Nitro hardware and by the application'],
    ['9', 'It is encryption-status 9.'],
  ])('encryption-status %s', (code, text) =>
    expect(explain(`10.0.0.1 ${code}`, 'srcaddr encryption-status')).toContain(text));

  test('a regional NAT gateway stands for the interface that it does not have', () => {
    expect(explain('- nat-1 10.0.0.1 ACCEPT', 'interface-id resource-id srcaddr action')).toContain(
      'let pass at nat-1',
    );
  });

  test('next hop, ECS task and EFA', () => {
    const text = explain('eni-9 nat_gateway t-1 EFA', 'next-hop-interface-id next-hop-interface-type ecs-task-id type');
    expect(text).toContain('At the next hop: eni-9 (nat_gateway).');
    expect(text).toContain('It is of ECS task t-1.');
    expect(text).toContain('Elastic Fabric Adapter');
  });

  test('flags of no TCP are not told, and flags 0 are no beginning and no end', () => {
    expect(explain('17 2', 'protocol tcp-flags')).not.toContain('flags');
    expect(explain('6 0', 'protocol tcp-flags')).toContain('the connection neither began nor ended here');
    expect(explain('6 4', 'protocol tcp-flags')).toContain('RST: the sender broke it off');
  });

  test('a record without values, in a format without log-status, is no traffic that was seen', () => {
    expect(explain('eni-1 - - -', 'interface-id srcaddr dstaddr action')).toBe(
      'Nothing is told of any traffic at eni-1: every field of the flow is empty.',
    );
  });
});
