import { beforeEach, describe, expect, it } from 'vitest';
import { operations as logs } from '../../../src/sandbox/services/logs/index.ts';
import { operations as ssm } from '../../../src/sandbox/services/ssm/index.ts';
import {
  accountId,
  flowLogsPolicy,
  flowLogsTrust,
  groupName,
  type LabWorld,
  labWorld,
  policy,
  trust,
} from '../lab-world.ts';

const [ip1, ip2] = ['10.1.5.112', '10.2.15.210'];
const minute = 60_000;
const day = 1440 * minute;

let lab: LabWorld;
beforeEach(() => {
  lab = labWorld();
});

function ping(address: string, count = 5): void {
  const Parameters = { commands: [`ping -c ${count} -i 0.2 -W 1 ${address}`] };
  lab.send(ssm, 'SendCommand', { InstanceIds: ['i-01'], DocumentName: 'AWS-RunShellScript', Parameters });
}

/** Lets so much time pass, as a learner who asks every minute. */
function pass(milliseconds: number): void {
  const end = lab.now + milliseconds;
  while (lab.now < end) {
    lab.now = Math.min(end, lab.now + minute);
    lab.settle();
  }
}

/** Source, destination, ports, protocol, packets, bytes and action of the records between the two instances, by source. */
function flows(stream: string, ...addresses: readonly string[]): string[] {
  return lab
    .stream(stream)
    .map((message) => message.split(' '))
    .filter(([, , , source = '', destination = '']) => addresses.includes(source) && addresses.includes(destination))
    .map((fields) => [...fields.slice(3, 10), fields[12]].join(' '))
    .sort();
}

describe('the records of a ping', () => {
  const cases: [string, () => void, string, string[], string[]][] = [
    ['before peering: one side only', () => {}, ip2, [`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`], []],
    [
      'over peering: a pair on both sides, 84 bytes a packet',
      () => lab.peer(1, 2),
      ip2,
      [`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`, `${ip2} ${ip1} 0 0 1 5 420 ACCEPT`],
      [`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`, `${ip2} ${ip1} 0 0 1 5 420 ACCEPT`],
    ],
    [
      'with no route back: the answer leaves instance 2 and is lost',
      () => lab.peer(1),
      ip2,
      [`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`],
      [`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`, `${ip2} ${ip1} 0 0 1 5 420 ACCEPT`],
    ],
    [
      'with a group that denies: REJECT on the other side',
      () => {
        lab.peer(1, 2);
        lab.region.ec2.securityGroups[1]?.IpPermissions?.pop();
      },
      ip2,
      [`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`],
      [`${ip1} ${ip2} 0 0 1 5 420 REJECT`],
    ],
    [
      'of the public address: each side sees its own private address',
      () => {},
      '54.185.174.2',
      [`${ip1} 54.185.174.2 0 0 1 5 420 ACCEPT`, `54.185.174.2 ${ip1} 0 0 1 5 420 ACCEPT`],
      [`${ip2} 54.185.174.1 0 0 1 5 420 ACCEPT`, `54.185.174.1 ${ip2} 0 0 1 5 420 ACCEPT`],
    ],
  ];
  it.each(cases)('%s', (_name, prepare, address, first, second) => {
    prepare();
    lab.logFlows('fl-1', 'vpc-1');
    lab.logFlows('fl-2', 'subnet-2');
    ping(address);
    pass(6 * minute);
    const addresses = [ip1, ip2, '54.185.174.1', '54.185.174.2'];
    expect(flows('eni-01-all', ...addresses)).toEqual(first);
    expect(flows('eni-02-all', ...addresses)).toEqual(second);
  });

  it('begin and end with the first and last packet, and are delivered minutes after the window', () => {
    lab.logFlows('fl-1', 'eni-01');
    const created = lab.now;
    ping(ip2);
    pass(2 * minute - 1000);
    expect(lab.region.logGroups).toEqual([]);
    pass(4 * minute);
    const [record = ''] = lab.stream('eni-01-all').filter((line) => line.includes(ip2));
    const [version, account, networkInterface] = record.split(' ');
    expect([version, account, networkInterface]).toEqual(['2', accountId, 'eni-01']);
    const [begin, end] = record.split(' ').slice(10, 12).map(Number);
    expect(begin).toBe(Math.floor(created / 1000));
    expect((end ?? 0) - (begin ?? 0)).toBe(1);
    const event = lab.region.logGroups[0]?.streams['eni-01-all']?.events.find(({ message }) => message === record);
    expect(event?.timestamp).toBe((begin ?? 0) * 1000);
    expect(event?.ingestionTime).toBeGreaterThanOrEqual(created + 2 * minute);
    expect(event?.ingestionTime).toBeLessThanOrEqual(created + 5 * minute);
  });

  it('are one a window of a minute on a Nitro-based instance, whatever the flow log says', () => {
    lab.logFlows('fl-1', 'eni-01', { MaxAggregationInterval: 600 });
    ping(ip2, 2);
    lab.now += 3 * minute;
    ping(ip2, 3);
    pass(15 * minute);
    expect(flows('eni-01-all', ip1, ip2)).toEqual([
      `${ip1} ${ip2} 0 0 1 2 168 ACCEPT`,
      `${ip1} ${ip2} 0 0 1 3 252 ACCEPT`,
    ]);
  });

  it('are one a window, however many pings', () => {
    Object.assign(lab.region.ec2.instances[0] ?? {}, { InstanceType: 't2.micro' });
    lab.logFlows('fl-1', 'eni-01', { MaxAggregationInterval: 600 });
    ping(ip2, 2);
    lab.now += 3 * minute;
    ping(ip2, 3);
    pass(15 * minute);
    expect(flows('eni-01-all', ip1, ip2)).toEqual([`${ip1} ${ip2} 0 0 1 5 420 ACCEPT`]);
  });

  it('leave out what passed before the flow log was created', () => {
    ping(ip2);
    lab.now += 5000;
    lab.logFlows('fl-1', 'vpc-1');
    lab.now += 3 * minute;
    pass(3 * minute);
    expect(flows('eni-01-all', ip1, ip2)).toEqual([]);
  });

  it('follow the traffic type into a stream of that name', () => {
    lab.peer(1, 2);
    lab.region.ec2.securityGroups[1]?.IpPermissions?.pop();
    lab.logFlows('fl-1', 'vpc-2', { TrafficType: 'REJECT' });
    lab.logFlows('fl-2', 'vpc-2', { TrafficType: 'ACCEPT' });
    ping(ip2);
    pass(6 * minute);
    expect(flows('eni-02-reject', ip1, ip2)).toEqual([`${ip1} ${ip2} 0 0 1 5 420 REJECT`]);
    expect(flows('eni-02-accept', ip1, ip2)).toEqual([]);
    expect(lab.stream('eni-02-all')).toEqual([]);
  });

  it('have the fields of a custom format, in its order', () => {
    lab.peer(1, 2);
    const LogFormat = '${dstaddr} ${srcaddr} ${flow-direction} ${instance-id} ${version} ${tcp-flags}';
    lab.logFlows('fl-1', 'eni-01', { LogFormat });
    ping(ip2);
    pass(6 * minute);
    const records = lab.stream('eni-01-all').filter((line) => line.includes(ip2));
    expect(records.sort()).toEqual([`${ip1} ${ip2} ingress i-01 5 0`, `${ip2} ${ip1} egress i-01 5 0`]);
  });

  it('have every field to version 5: over peering, by an internet gateway, inside the VPC', () => {
    lab.peer(1, 2);
    for (const subnet of lab.region.ec2.subnets) subnet.AvailabilityZoneId = 'usw2-az1';
    const fields =
      'version vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path';
    const LogFormat = fields
      .split(' ')
      .map((field) => `\${${field}}`)
      .join(' ');
    lab.logFlows('fl-1', 'vpc-1', { LogFormat });
    ping(ip2);
    ping('54.185.174.2');
    pass(6 * minute);
    const records = lab.stream('eni-01-all').filter((line) => line.includes(ip2) || line.includes('54.185.174.2'));
    const common = '5 vpc-1 subnet-1 i-01 0 IPv4';
    const place = 'us-west-2 usw2-az1 - -';
    expect(records.toSorted()).toEqual(
      [
        `${common} ${ip1} ${ip2} ${place} - - egress 4`,
        `${common} ${ip2} ${ip1} ${place} - - ingress -`,
        `${common} ${ip1} 54.185.174.2 ${place} - - egress 8`,
        `${common} 54.185.174.2 ${ip1} ${place} - - ingress -`,
      ].toSorted(),
    );
  });

  it('keep what the interface was when the packets passed, whatever becomes of it', () => {
    lab.logFlows('fl-1', 'vpc-1', {
      LogFormat: ['dstaddr', 'vpc-id', 'subnet-id', 'instance-id'].map((field) => `\${${field}}`).join(' '),
    });
    ping(ip2);
    lab.now += 10_000;
    lab.settle();
    lab.region.ec2.networkInterfaces.shift();
    lab.region.ec2.instances.shift();
    pass(6 * minute);
    expect(lab.stream('eni-01-all')).toContain(`${ip2} vpc-1 subnet-1 i-01`);
  });

  it('of a connection have its TCP flags: a SYN without answer, a conversation, a reset', () => {
    lab.peer(1, 2);
    const LogFormat = ['dstaddr', 'dstport', 'srcport', 'packets', 'tcp-flags', 'action']
      .map((field) => `\${${field}}`)
      .join(' ');
    lab.logFlows('fl-1', 'eni-02', { LogFormat });
    for (const port of [22, 80]) {
      const commands = [`nc -z -w 2 ${ip2} ${port}`];
      const input = { InstanceIds: ['i-01'], DocumentName: 'AWS-RunShellScript', Parameters: { commands } };
      lab.send(ssm, 'SendCommand', input);
    }
    lab.now += 10_000;
    pass(6 * minute);
    const told = lab.stream('eni-02-all').map((line) => line.replace(/\b\d{5}\b/, 'PORT'));
    expect(told).toContain(`${ip2} 22 PORT 3 3 ACCEPT`);
    expect(told).toContain(`${ip1} PORT 22 2 19 ACCEPT`);
    expect(told).toContain(`${ip2} 80 PORT 2 2 REJECT`);
  });

  it('are skipped where a fault says so: the window shows SKIPDATA', () => {
    lab.logFlows('fl-1', 'eni-01');
    lab.skips = true;
    ping(ip2);
    pass(6 * minute);
    expect(lab.stream('eni-01-all')[0]).toMatch(
      new RegExp(`^2 ${accountId} eni-01 - - - - - - - \\d+ \\d+ - SKIPDATA$`),
    );
    expect(flows('eni-01-all', ip1, ip2)).toEqual([]);
    lab.skips = false;
    ping(ip2);
    pass(6 * minute);
    expect(flows('eni-01-all', ip1, ip2)).toHaveLength(1);
  });

  it('are not written to CloudWatch Logs for a flow log that publishes to S3', () => {
    lab.logFlows('fl-1', 'eni-01', { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::bucket' });
    ping(ip2);
    pass(6 * minute);
    expect(lab.region.logGroups).toEqual([]);
  });

  it('say NODATA for an interface without traffic', () => {
    delete lab.region.ec2.networkInterfaces[0]?.PrivateIpAddresses?.[0]?.Association;
    lab.logFlows('fl-1', 'eni-01');
    pass(6 * minute);
    const [first] = lab.stream('eni-01-all');
    expect(first).toMatch(new RegExp(`^2 ${accountId} eni-01 - - - - - - - \\d+ \\d+ - NODATA$`));
  });
});

describe('delivery', () => {
  function role() {
    const [first] = lab.account.iam.roles;
    if (!first) throw new Error('The world has a role for flow logs.');
    return first;
  }
  function status() {
    const { FlowLogStatus, DeliverLogsStatus, DeliverLogsErrorMessage } = lab.region.ec2.flowLogs[0] ?? {};
    return [FlowLogStatus, DeliverLogsStatus, DeliverLogsErrorMessage];
  }

  const spoiled: [string, () => void][] = [
    ['trusts another service', () => Object.assign(role(), { trustPolicy: trust('ec2.amazonaws.com') })],
    ['may not write', () => Object.assign(role(), { inlinePolicies: { own: policy('logs:CreateLogGroup') } })],
    ['is gone', () => lab.account.iam.roles.shift()],
    [
      'may not create the group that is missing',
      () => Object.assign(role(), { inlinePolicies: { own: policy('logs:CreateLogStream', 'logs:PutLogEvents') } }),
    ],
  ];
  it.each(spoiled)('ends in an access error while the role %s', (_name, spoil) => {
    spoil();
    lab.logFlows('fl-1', 'vpc-1');
    expect(status()).toEqual(['ACTIVE', undefined, undefined]);
    ping(ip2);
    pass(6 * minute);
    expect(status()).toEqual(['ACTIVE', 'FAILED', 'Access error']);
    expect(lab.region.logGroups).toEqual([]);
  });

  it('recovers when the role is mended; what was lost stays lost', () => {
    role().trustPolicy = trust('ec2.amazonaws.com');
    lab.logFlows('fl-1', 'vpc-1');
    ping(ip2);
    pass(6 * minute);
    role().trustPolicy = flowLogsTrust;
    role().inlinePolicies = { own: flowLogsPolicy };
    ping(ip2, 3);
    pass(6 * minute);
    expect(status()).toEqual(['ACTIVE', 'SUCCESS', undefined]);
    expect(flows('eni-01-all', ip1, ip2)).toEqual([`${ip1} ${ip2} 0 0 1 3 252 ACCEPT`]);
  });

  it('needs no CreateLogGroup where the group exists', () => {
    role().inlinePolicies = { own: policy('logs:CreateLogStream', 'logs:PutLogEvents') };
    lab.send(logs, 'CreateLogGroup', { logGroupName: groupName });
    lab.logFlows('fl-1', 'vpc-1');
    pass(6 * minute);
    expect(status()).toEqual(['ACTIVE', 'SUCCESS', undefined]);
  });

  it('creates a deleted group again while the flow log is active', () => {
    lab.logFlows('fl-1', 'vpc-1');
    pass(6 * minute);
    lab.send(logs, 'DeleteLogGroup', { logGroupName: groupName });
    pass(2 * minute);
    expect(lab.region.logGroups.map(({ name }) => name)).toEqual([groupName]);
  });

  it('writes the records of both of two flow logs', () => {
    lab.logFlows('fl-1', 'vpc-1');
    lab.logFlows('fl-2', 'eni-01');
    ping(ip2);
    pass(6 * minute);
    expect(flows('eni-01-all', ip1, ip2)).toHaveLength(2);
  });
});

describe('the terminal of whoever works on an instance', () => {
  const ssh = () =>
    lab
      .stream('eni-01-all')
      .map((message) => message.split(' '))
      .filter(([, , , source = '', destination = '']) =>
        [source, destination].some((each) => each.startsWith('18.237.140.16')),
      )
      .map((fields) => `${fields[5]} ${fields[6]} ${fields[7]} ${fields[12]}`.replace(/\d{5}/, 'PORT'));

  it("is an SSH connection from EC2 Instance Connect's range, one for all commands of ten minutes", () => {
    lab.logFlows('fl-1', 'vpc-1');
    for (let times = 0; times < 3; times += 1) {
      ping(ip2);
      lab.now += 10_000;
    }
    pass(6 * minute);
    expect(ssh().toSorted()).toEqual(['22 PORT 6 ACCEPT', 'PORT 22 6 ACCEPT']);
  });

  it('is refused where the group does not let SSH in', () => {
    lab.region.ec2.securityGroups[0]?.IpPermissions?.shift();
    lab.logFlows('fl-1', 'vpc-1');
    lab.now += 20_000;
    ping(ip2);
    pass(6 * minute);
    expect(ssh()).toEqual(['PORT 22 6 REJECT']);
  });
});

describe('background scans', () => {
  function records(): string[][] {
    return lab
      .stream('eni-01-all')
      .map((message) => message.split(' '))
      .filter((fields) => fields[13] === 'OK');
  }

  it('probe public addresses a few times a minute; what passes follows from the groups', () => {
    lab.logFlows('fl-1', 'vpc-1');
    pass(60 * minute);
    const probes = records().filter(([, , , , destination]) => destination === ip1);
    expect(probes.length).toBeGreaterThan(60);
    expect(probes.length).toBeLessThan(300);
    for (const fields of probes) {
      const admitted = fields[7] === '6' && fields[6] === '22';
      expect(fields[12]).toBe(admitted ? 'ACCEPT' : 'REJECT');
    }
    expect(new Set(probes.map((fields) => fields[7]))).toEqual(new Set(['1', '6', '17']));
  });

  it('reach no instance that is stopped or has no public address', () => {
    Object.assign(lab.region.ec2.instances[0]?.State ?? {}, { Name: 'stopped' });
    delete lab.region.ec2.networkInterfaces[1]?.PrivateIpAddresses?.[0]?.Association;
    lab.logFlows('fl-1', 'vpc-1');
    lab.logFlows('fl-2', 'vpc-2');
    pass(30 * minute);
    expect(
      lab
        .stream('eni-01-all')
        .concat(lab.stream('eni-02-all'))
        .filter((line) => !line.endsWith('NODATA')),
    ).toEqual([]);
  });

  it('are all recorded, wherever in a minute a window ends', () => {
    lab.now += 30_000;
    lab.logFlows('fl-1', 'vpc-1');
    for (let second = 0; second < 1800; second += 5) {
      lab.now += 5000;
      lab.settle();
    }
    const halves = records().map((fields) => Math.floor((Number(fields[10]) % 60) / 30));
    expect(new Set(halves)).toEqual(new Set([0, 1]));
  });

  it('get an answer that is recorded too, but for UDP', () => {
    Object.assign(lab.region.ec2.securityGroups[0] ?? {}, {
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    lab.logFlows('fl-1', 'vpc-1');
    pass(60 * minute);
    const answered = records().filter(([, , , source]) => source === ip1);
    expect(new Set(answered.map((fields) => fields[7]))).toEqual(new Set(['1', '6']));
    expect(records().every((fields) => fields[12] === 'ACCEPT')).toBe(true);
  });

  it('go on over a day in which nobody asked', () => {
    lab.logFlows('fl-1', 'vpc-1');
    const since = lab.now;
    lab.now += day;
    lab.settle();
    lab.now += 6 * minute;
    lab.settle();
    const hours = records().map((fields) => Math.floor((Number(fields[10]) * 1000 - since) / (60 * minute)));
    expect(new Set(hours.filter((hour) => hour < 24)).size).toBe(24);
  });

  it('are the same for the same seed', () => {
    const run = (): string[] => {
      lab = labWorld();
      lab.logFlows('fl-1', 'vpc-1');
      pass(20 * minute);
      return lab.stream('eni-01-all');
    };
    expect(run()).toEqual(run());
  });
});

describe('a time in which nobody asked', () => {
  /** The starts of the windows, or of the traffic in them, in minutes after the flow log's creation. */
  function minutesOf(stream: string, created: number): number[] {
    const starts = lab.stream(stream).map((message) => Number(message.split(' ')[10]) * 1000);
    return [...new Set(starts.map((start) => Math.floor((start - created) / minute)))].sort((a, b) => a - b);
  }
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  function idle(milliseconds: number): void {
    lab.now += milliseconds;
    lab.settle();
    lab.now += 10 * minute;
    lab.settle();
  }

  it('of a week leaves no hole: each window has its records or NODATA', () => {
    lab.logFlows('fl-1', 'vpc-1');
    lab.logFlows('fl-2', 'vpc-2');
    const created = lab.now;
    idle(7 * day - 20 * minute);
    for (const stream of ['eni-01-all', 'eni-02-all'])
      expect(minutesOf(stream, created).slice(0, 7 * 1440 - 20)).toEqual(upTo(7 * 1440 - 20));
  });

  it('that is longer is made up for by its last seven days', () => {
    lab.logFlows('fl-1', 'vpc-1');
    for (let year = 0; year < 3; year += 1) idle(365 * day);
    const [oldest = 0, ...more] = minutesOf('eni-01-all', lab.now - 7 * day);
    expect(oldest).toBeLessThan(-2 * 365 * 1440);
    expect(more.length).toBeLessThan(3 * (7 * 1440 + 30));
    expect(Object.values(lab.region.traffic.flows['fl-1'] ?? {}).length).toBeLessThan(100);
  });

  it('is made up for by its last hour where a real minute is more than a day', () => {
    lab.realMinuteMs = 2 * day;
    lab.logFlows('fl-1', 'vpc-1');
    for (let week = 0; week < 20; week += 1) idle(7 * day);
    expect(lab.stream('eni-01-all').length).toBeLessThan(20 * 120);
  });

  it('makes a bounded number of records, however many interfaces are idle', () => {
    const [first] = lab.region.ec2.networkInterfaces;
    for (let number = 0; number < 200; number += 1)
      lab.region.ec2.networkInterfaces.push({
        ...first,
        NetworkInterfaceId: `eni-idle-${number}`,
        PrivateIpAddresses: [],
      });
    lab.logFlows('fl-1', 'vpc-1');
    idle(30 * day);
    const events = Object.values(lab.region.logGroups[0]?.streams ?? {}).flatMap((stream) => stream.events);
    expect(events.length).toBeGreaterThan(30_000);
    expect(events.length).toBeLessThan(50_000);
  });
});
