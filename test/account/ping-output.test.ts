import { describe, expect, test } from 'vitest';
import { pingsIn } from '../../src/account/ping-output.ts';

const AT = Date.UTC(2026, 10, 23, 10);

// iputils 20210202 of Amazon Linux 2023, as learners' terminals and Run Command showed it.
const ANSWERED = `PING 10.2.15.210 (10.2.15.210) 56(84) bytes of data.
64 bytes from 10.2.15.210: icmp_seq=1 ttl=127 time=0.484 ms
64 bytes from 10.2.15.210: icmp_seq=2 ttl=127 time=0.371 ms
64 bytes from 10.2.15.210: icmp_seq=3 ttl=127 time=0.402 ms

--- 10.2.15.210 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 608ms
rtt min/avg/max/mdev = 0.371/0.419/0.484/0.047 ms`;

const SILENT = `PING 10.2.15.210 (10.2.15.210) 56(84) bytes of data.

--- 10.2.15.210 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 2052ms`;

const UNREACHABLE = `PING 10.1.9.9 (10.1.9.9) 56(84) bytes of data.
From 10.1.5.112 icmp_seq=1 Destination Host Unreachable
From 10.1.5.112 icmp_seq=2 Destination Host Unreachable

--- 10.1.9.9 ping statistics ---
3 packets transmitted, 0 received, +2 errors, 100% packet loss, time 2055ms
pipe 3`;

const DUPLICATES = `PING 10.2.15.210 (10.2.15.210) 56(84) bytes of data.
64 bytes from 10.2.15.210: icmp_seq=1 ttl=127 time=0.484 ms
64 bytes from 10.2.15.210: icmp_seq=1 ttl=127 time=0.584 ms (DUP!)

--- 10.2.15.210 ping statistics ---
1 packets transmitted, 1 received, +1 duplicates, 0% packet loss, time 0ms`;

const BY_NAME = `PING ec2-54-185-174-2.us-west-2.compute.amazonaws.com (54.185.174.2) 56(84) bytes of data.
64 bytes from ec2-54-185-174-2.us-west-2.compute.amazonaws.com (54.185.174.2): icmp_seq=1 ttl=126 time=0.601 ms
64 bytes from ec2-54-185-174-2.us-west-2.compute.amazonaws.com (54.185.174.2): icmp_seq=3 ttl=126 time=0.655 ms

--- ec2-54-185-174-2.us-west-2.compute.amazonaws.com ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 2003ms
rtt min/avg/max/mdev = 0.601/0.628/0.655/0.027 ms`;

const FROM_INTERFACE = `PING 10.2.15.210 (10.2.15.210) from 10.1.5.112 ens5: 56(84) bytes of data.

--- 10.2.15.210 ping statistics ---
5 packets transmitted, 0 received, 100% packet loss, time 4096ms
`;

const count = (output: string) =>
  pingsIn(output, AT).map(({ address, transmitted, received }) => `${address} ${received}/${transmitted}`);

describe("a ping's own statistics say how much came back", () => {
  test.each([
    ['all answered', ANSWERED, ['10.2.15.210 3/3']],
    ['none answered', SILENT, ['10.2.15.210 0/3']],
    ['an unreachable host', UNREACHABLE, ['10.1.9.9 0/3']],
    ['replies that came twice', DUPLICATES, ['10.2.15.210 1/1']],
    ['a name, with the address behind it', BY_NAME, ['54.185.174.2 2/3']],
    ['an interface named', FROM_INTERFACE, ['10.2.15.210 0/5']],
    ['lines that end as on Windows', ANSWERED.replaceAll('\n', '\r\n'), ['10.2.15.210 3/3']],
    [
      'several pings in one output',
      `${ANSWERED}\n${SILENT}\n${BY_NAME}`,
      ['10.2.15.210 3/3', '10.2.15.210 0/3', '54.185.174.2 2/3'],
    ],
    ['other commands around it', `+ date\nMon Nov 23\n${SILENT}\nexit status 1`, ['10.2.15.210 0/3']],
  ])('%s', (_, output, expected) => {
    expect(count(output)).toEqual(expected);
  });
});

describe('what is cut off is not made up', () => {
  const cutInReplies = ANSWERED.slice(0, ANSWERED.indexOf('icmp_seq=3'));

  test('replies that are there count, as far as they go', () => {
    expect(count(`${cutInReplies}\n---Output truncated---`)).toEqual(['10.2.15.210 2/2']);
  });

  test.each([
    ['nothing', ''],
    ['no ping at all', 'bash: ping: command not found'],
    ['a name that is not known', 'ping: nowhere.example: Name or service not known'],
    ['cut before the first reply', 'PING 10.2.15.210 (10.2.15.210) 56(84) bytes of data.\n'],
    ['cut within the statistics', SILENT.slice(0, SILENT.indexOf('transmitted'))],
    ['a version that pings IPv6', 'PING ::1(::1) 56 data bytes\n64 bytes from ::1: icmp_seq=1 ttl=64 time=0.01 ms'],
  ])('%s is no ping', (_, output) => {
    expect(pingsIn(output, AT)).toEqual([]);
  });

  test('the statistics of the next ping are not taken for those of one that was cut', () => {
    expect(count(`PING 10.2.0.9 (10.2.0.9) 56(84) bytes of data.\n${ANSWERED}`)).toEqual(['10.2.15.210 3/3']);
  });
});

test('each ping keeps its own output and the time of the request', () => {
  const [first, second] = pingsIn(`${ANSWERED}\n\n${SILENT}\n`, AT);
  expect(first).toMatchObject({ at: AT, output: ANSWERED });
  expect(second).toMatchObject({ at: AT, output: SILENT });
});
