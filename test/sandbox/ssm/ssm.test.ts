import type * as Ssm from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations as ec2 } from '../../../src/sandbox/services/ec2/index.ts';
import { operations } from '../../../src/sandbox/services/ssm/index.ts';
import { type LabWorld, labWorld } from '../lab-world.ts';

const privateIp = '10.2.15.210';
const publicIp = '54.185.174.2';

let lab: LabWorld;
beforeEach(() => {
  lab = labWorld();
});

function send<Output = object>(operation: string, input: object): Output {
  return lab.send(operations, operation, input) as Output;
}

function refusal(code: string, message?: string): unknown {
  return expect.objectContaining({ code, ...(message ? { message: expect.stringContaining(message) } : {}) });
}

function start(commands: readonly string[], more: object = {}): string {
  const input = { InstanceIds: ['i-01'], DocumentName: 'AWS-RunShellScript', Parameters: { commands, ...more } };
  return send<Ssm.SendCommandResult>('SendCommand', input).Command?.CommandId ?? '';
}

function invocation(CommandId: string): Ssm.GetCommandInvocationResult {
  return send('GetCommandInvocation', { CommandId, InstanceId: 'i-01' });
}

/** Sends the commands and waits, by the clock, until they have ended. */
function run(...commands: readonly string[]): Ssm.GetCommandInvocationResult {
  const id = start(commands);
  lab.now += 3_600_000;
  return invocation(id);
}

describe('managed nodes', () => {
  const online = () =>
    send<Ssm.DescribeInstanceInformationResult>('DescribeInstanceInformation', {}).InstanceInformationList?.map(
      ({ InstanceId }) => InstanceId,
    );

  it('are running instances with a fit profile, half a minute after they start', () => {
    expect(online()).toEqual(['i-01', 'i-02']);
    lab.region.ec2.since['i-01'] = lab.now - 20_000;
    expect(online()).toEqual(['i-02']);
    lab.now += 10_000;
    expect(online()).toEqual(['i-01', 'i-02']);
  });

  it('register half a minute after the profile was associated with a running instance', () => {
    lab.region.ec2.iamProfileAssociations.push({ InstanceId: 'i-01', Timestamp: new Date(lab.now - 29_999) });
    expect(online()).toEqual(['i-02']);
    lab.now += 1;
    expect(online()).toEqual(['i-01', 'i-02']);
  });

  it('of Windows say so, and take no command for Linux', () => {
    Object.assign(lab.region.ec2.instances[0] ?? {}, { Platform: 'windows', PlatformDetails: 'Windows' });
    const Filters = [{ Key: 'PlatformTypes', Values: ['Windows'] }];
    expect(send('DescribeInstanceInformation', { Filters })).toMatchObject({
      InstanceInformationList: [{ InstanceId: 'i-01', PlatformType: 'Windows' }],
    });
    expect(() => start(['hostname'])).toThrow(refusal('UnsupportedPlatformType'));
  });

  const unfit: [string, () => void][] = [
    ['stopped', () => Object.assign(lab.region.ec2.instances[0]?.State ?? {}, { Name: 'stopped' })],
    ['without a profile', () => delete lab.region.ec2.instances[0]?.IamInstanceProfile],
    ['with a role that may not register', () => lab.account.iam.roles.pop()],
    [
      'behind a gateway that is being detached',
      () => Object.assign(lab.region.ec2.internetGateways[0]?.Attachments?.[0] ?? {}, { State: 'detaching' }),
    ],
    ['without a way to the internet', () => lab.region.ec2.routeTables[0]?.Routes?.pop()],
  ];
  it.each(unfit)('are no instances that are %s', (_name, spoil) => {
    spoil();
    expect(online()).not.toContain('i-01');
    expect(() => start(['hostname'])).toThrow(refusal('InvalidInstanceId', '[[i-01]] not in a valid state'));
  });

  it('are filtered in both forms of the filter', () => {
    const Filters = [{ Key: 'InstanceIds', Values: ['i-02'] }];
    expect(send('DescribeInstanceInformation', { Filters })).toMatchObject({
      InstanceInformationList: [{ InstanceId: 'i-02', PingStatus: 'Online', IPAddress: privateIp }],
    });
    const InstanceInformationFilterList = [{ key: 'PingStatus', valueSet: ['Inactive'] }];
    expect(send('DescribeInstanceInformation', { InstanceInformationFilterList })).toEqual({
      InstanceInformationList: [],
    });
    const unknown = [{ Key: 'Colour', Values: ['red'] }];
    expect(() => send('DescribeInstanceInformation', { Filters: unknown })).toThrow(refusal('InvalidFilterKey'));
    expect(() => send('DescribeInstanceInformation', { MaxResults: 4 })).toThrow(refusal('ValidationException'));
  });
});

describe('ping', () => {
  const reply = (address: string, sequence: number, ttl: number) =>
    `64 bytes from ${address}: icmp_seq=${sequence} ttl=${ttl} time=T ms`;
  const withoutTimes = (output = '') =>
    output
      .replaceAll(/time=[\d.]+ ms/g, 'time=T ms')
      .replace(/time \d+ms/, 'time Tms')
      .replace(/= [\d./]+ ms/, '= R ms');

  it('E5 E6 of the private address is silence before peering, and exit code 1', () => {
    const answer = run(`ping -c 3 -W 2 ${privateIp}`);
    expect(withoutTimes(answer.StandardOutputContent)).toBe(
      [
        `PING ${privateIp} (${privateIp}) 56(84) bytes of data.`,
        '',
        `--- ${privateIp} ping statistics ---`,
        '3 packets transmitted, 0 received, 100% packet loss, time Tms',
        '',
        '',
      ].join('\n'),
    );
    expect(answer).toMatchObject({
      Status: 'Failed',
      ResponseCode: 1,
      StandardErrorContent: 'failed to run commands: exit status 1',
    });
  });

  it('E6 E7 of the public address is answered before peering, with exit code 0 and a TTL of 126', () => {
    const answer = run(`ping -c 2 ${publicIp}`);
    expect(withoutTimes(answer.StandardOutputContent)).toBe(
      [
        `PING ${publicIp} (${publicIp}) 56(84) bytes of data.`,
        reply(publicIp, 1, 126),
        reply(publicIp, 2, 126),
        '',
        `--- ${publicIp} ping statistics ---`,
        '2 packets transmitted, 2 received, 0% packet loss, time Tms',
        'rtt min/avg/max/mdev = R ms',
        '',
      ].join('\n'),
    );
    expect(answer).toMatchObject({ Status: 'Success', ResponseCode: 0, StandardErrorContent: '' });
  });

  it('E7 of the private address is answered over peering with routes on both sides, with a TTL of 127', () => {
    lab.peer(1, 2);
    expect(withoutTimes(run(`ping -c1 ${privateIp}`).StandardOutputContent)).toContain(reply(privateIp, 1, 127));
  });

  it.each([[1], [2]] as const)('stays silent with a route on side %i only', (side) => {
    lab.peer(side);
    expect(run(`ping -c 1 ${privateIp}`).StandardOutputContent).toContain('100% packet loss');
  });

  it('stays silent where the group of the other side has no rule for ICMP', () => {
    lab.peer(1, 2);
    lab.region.ec2.securityGroups[1]?.IpPermissions?.pop();
    expect(run(`ping -c 1 ${privateIp}`).StandardOutputContent).toContain('100% packet loss');
  });

  it('answers itself without touching the network', () => {
    lab.logFlows('fl-1', 'vpc-1');
    expect(run('ping -c 1 10.1.5.112').StandardOutputContent).toContain('1 received');
    expect(run('ping -c 1 127.0.0.1').StandardOutputContent).toContain('1 received');
    lab.now += 600_000;
    lab.settle();
    expect(lab.stream('eni-01-all').filter((line) => /10\.1\.5\.112 10\.1\.5\.112|127\.0/.test(line))).toEqual([]);
  });

  it('takes as long as it takes: the interval between packets, then the linger time', () => {
    const id = start([`ping -c 3 -i 0.5 -W 2 ${privateIp}`]);
    expect(invocation(id)).toMatchObject({ Status: 'Pending', ResponseCode: -1, StandardOutputContent: '' });
    lab.now += 1000;
    expect(invocation(id)).toMatchObject({ Status: 'InProgress', ResponseCode: -1, StandardOutputContent: '' });
    lab.now += 3000;
    const answer = invocation(id);
    expect(answer).toMatchObject({ Status: 'Failed', ExecutionElapsedTime: 'PT3S' });
    const [began, ended] = [answer.ExecutionStartDateTime ?? '', answer.ExecutionEndDateTime ?? ''];
    expect(Date.parse(ended) - Date.parse(began)).toBe(3000);
  });

  it('with a deadline sends until the deadline when nobody answers, and fails with fewer answers than the count', () => {
    expect(run(`ping -c 2 -w 5 ${privateIp}`).StandardOutputContent).toContain('5 packets transmitted, 0 received');
    const short = run(`ping -c 9 -w 5 ${publicIp}`);
    expect(short.StandardOutputContent).toContain('5 packets transmitted, 5 received');
    expect(short.ResponseCode).toBe(1);
  });

  it.each([
    [`ping -4 -c 1 ${publicIp}`, ''],
    [`ping -c 1 -I ens5 ${publicIp}`, 'from 10.1.5.112 ens5: '],
    [`ping -c 1 -I10.1.5.112 ${publicIp}`, 'from 10.1.5.112 : '],
  ])('%s is answered, and names its source where it was told', (command, from) => {
    const output = run(command).StandardOutputContent;
    expect(output).toContain(`PING ${publicIp} (${publicIp}) ${from}56(84) bytes of data.\n64 bytes from ${publicIp}:`);
  });

  it('leaves by the device that it is told', () => {
    const [first] = lab.region.ec2.networkInterfaces;
    lab.region.ec2.networkInterfaces.push({
      ...first,
      NetworkInterfaceId: 'eni-03',
      PrivateIpAddress: '10.1.5.113',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.1.5.113', Primary: true }],
      Attachment: { ...first?.Attachment, DeviceIndex: 1 },
    });
    expect(run(`ping -c 1 -I ens5 ${publicIp}`).StandardOutputContent).toContain('1 received');
    const second = run(`ping -c 1 -I ens6 ${publicIp}`).StandardOutputContent;
    expect(second).toContain('from 10.1.5.113 ens6: 56(84)');
    expect(second).toContain('0 received');
  });

  it('of an IPv6 address says that it is not followed where the instance has one itself', () => {
    Object.assign(lab.region.ec2.networkInterfaces[0] ?? {}, { Ipv6Addresses: [{ Ipv6Address: '2600:1f18::4' }] });
    expect(run('ping -c 1 2600:1f18::5')).toMatchObject({
      ResponseCode: 2,
      StandardErrorContent: expect.stringContaining('ping: this sandbox follows IPv4 packets only'),
    });
  });

  it('prints no line a reply when quiet', () => {
    const output = run(`ping -qnc 3 ${publicIp}`).StandardOutputContent ?? '';
    expect(output).not.toContain('icmp_seq');
    expect(output).toContain('3 received');
  });

  const wrong: [string, string, number][] = [
    ['ping', 'ping: usage error: Destination address required', 1],
    [`ping -c 0 ${privateIp}`, "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807", 1],
    [`ping -c five ${privateIp}`, "ping: invalid argument: 'five'", 1],
    [`ping -w -1 ${privateIp}`, "ping: invalid argument: '-1': out of range: 0 <= value <= 2147483647", 1],
    [`ping -c 1 -i fast ${privateIp}`, 'ping: bad timing interval: fast', 2],
    [`ping -c 1 -i 0 ${privateIp}`, 'ping: cannot flood, minimal interval for user must be >= 2 ms', 2],
    [`ping -c 1 -W 0 ${privateIp}`, 'ping: bad linger time: 0', 2],
    [`ping ${privateIp} -c`, "ping: option requires an argument -- 'c'", 2],
    ['ping -c 1 instance-2', 'ping: instance-2: Name or service not known', 2],
    ['ping -c 1 10.2.15.999', 'ping: 10.2.15.999: Name or service not known', 2],
    [`ping -s 70000 ${privateIp}`, 'ping: packet size 70000 is too large. Maximum is 65507', 2],
    [`ping -t 256 ${privateIp}`, "ping: invalid argument: '256': out of range: 0 <= value <= 255", 1],
    [`ping -f ${privateIp}`, "ping: invalid option -- 'f'", 2],
    [`ping -i 0.01 ${privateIp}`, 'ping: this sandbox sends at most 20000 packets more in this command', 2],
    ['ping -c 1 2600:1f18::5', 'ping: connect: Network is unreachable', 2],
    ['ping -6 -c 1 google.com', 'ping: connect: Network is unreachable', 2],
    [`ping -6 -c 1 ${privateIp}`, `ping: ${privateIp}: Address family for hostname not supported`, 2],
    ['ping -4 -c 1 2600:1f18::5', 'ping: 2600:1f18::5: Address family for hostname not supported', 2],
    [`ping -46 ${privateIp}`, 'ping: only one -4 or -6 option may be specified', 2],
    [`ping -I eth0 ${privateIp}`, 'ping: SO_BINDTODEVICE eth0: No such device', 2],
    [`ping -I 10.1.5.113 ${privateIp}`, 'ping: bind: Cannot assign requested address', 2],
    [`ping -I 10:1 ${privateIp}`, 'ping: invalid source address: 10:1', 2],
    [
      `ping -I lo ${privateIp}`,
      'ping: this sandbox pings from devices and their primary addresses only, not from lo',
      2,
    ],
  ];
  it.each(wrong)('%s ends with its own message', (command, message, exitCode) => {
    const answer = run(command);
    expect(answer.StandardErrorContent?.split('\n')[0]).toContain(message);
    expect(answer).toMatchObject({ Status: 'Failed', ResponseCode: exitCode, StandardOutputContent: '' });
  });

  it('goes on without a count until it is stopped, and notices on the way that the network was mended', () => {
    const id = start([`ping ${privateIp}`], { executionTimeout: ['100'] });
    lab.now += 40_000;
    lab.settle();
    lab.peer(1, 2);
    lab.now += 60_000;
    const output = invocation(id).StandardOutputContent ?? '';
    expect(invocation(id)).toMatchObject({ Status: 'InProgress', StandardOutputContent: '' });
    lab.now += 60_000;
    const answer = invocation(id);
    expect(answer).toMatchObject({ Status: 'TimedOut', ResponseCode: 137 });
    const sequence = [...(answer.StandardOutputContent ?? '').matchAll(/icmp_seq=(\d+)/g)].map(([, n]) => Number(n));
    expect(output).toBe('');
    expect(sequence).toEqual(Array.from({ length: 60 }, (_, index) => 41 + index));
  });

  it('tells how many were lost when only some were', () => {
    const id = start([`ping -c 8 -W 1 ${privateIp}`]);
    lab.now += 3_000;
    lab.settle();
    lab.peer(1, 2);
    lab.now += 60_000;
    const output = invocation(id).StandardOutputContent;
    expect(output).toContain('8 packets transmitted, 5 received, 37.5% packet loss');
    expect(invocation(id)).toMatchObject({ Status: 'Success', ResponseCode: 0 });
  });

  it('S3 a rule that is taken away does not cut a running ping; a network ACL does', () => {
    lab.peer(1, 2);
    const id = start([`ping -c 30 -W 1 ${privateIp}`]);
    lab.now += 10_000;
    lab.settle();
    lab.region.ec2.securityGroups[1]?.IpPermissions?.pop();
    lab.now += 10_000;
    lab.settle();
    const deny = { RuleNumber: 1, Egress: false, RuleAction: 'deny', Protocol: '1', CidrBlock: '0.0.0.0/0' } as const;
    lab.region.ec2.networkAcls[1]?.Entries?.push(deny);
    lab.now += 60_000;
    const output = invocation(id).StandardOutputContent;
    expect(output).toMatch(/30 packets transmitted, (19|20) received/);
    expect(run(`ping -c 1 -W 1 ${privateIp}`).StandardOutputContent).toContain('0 received');
  });

  it('ends with its instance: nothing is sent while it is stopped, nor after it is started again', () => {
    const id = start([`ping -c 300 ${publicIp}`], { executionTimeout: ['400'] });
    const [instance] = lab.region.ec2.instances;
    lab.now += 30_000;
    lab.settle();
    Object.assign(instance?.State ?? {}, { Name: 'stopped' });
    lab.now += 60_000;
    lab.settle();
    Object.assign(instance?.State ?? {}, { Name: 'running' });
    lab.now += 100_000;
    expect(invocation(id)).toMatchObject({ Status: 'InProgress' });
    lab.now += 400_000;
    const answer = invocation(id);
    expect(answer).toMatchObject({ Status: 'TimedOut', ResponseCode: 137 });
    expect(answer.StandardOutputContent?.match(/icmp_seq=/g)).toHaveLength(30);
    expect(answer.StandardOutputContent).not.toContain('statistics');
  });

  it('ends when its instance is rebooted', () => {
    const id = start([`ping -c 300 ${publicIp}`], { executionTimeout: ['400'] });
    lab.now += 30_000;
    lab.send(ec2, 'RebootInstances', { InstanceIds: ['i-01'] });
    lab.now += 400_000;
    const answer = invocation(id);
    expect(answer).toMatchObject({ Status: 'TimedOut', ResponseCode: 137 });
    expect(answer.StandardOutputContent?.match(/icmp_seq=/g)).toHaveLength(30);
  });

  it('of broadcast asks for -b, of 0.0.0.0 reaches the host itself', () => {
    for (const address of ['255.255.255.255', '10.1.15.255'])
      expect(run(`ping -c 1 ${address}`)).toMatchObject({
        ResponseCode: 2,
        StandardErrorContent: expect.stringContaining('Do you want to ping broadcast? Then -b'),
      });
    expect(run('ping -c 1 0.0.0.0').StandardOutputContent).toContain('1 received');
  });

  it('whose way the network model cannot follow says so at once', () => {
    lab.region.ec2.networkInterfaces.push({
      NetworkInterfaceId: 'eni-elb',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      Status: 'in-use',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.1.9.9', Primary: true }],
    });
    const cannot = (what: string) => expect.stringContaining(`this sandbox cannot tell what becomes of a ${what}`);
    expect(run('ping -c 5 10.1.9.9')).toMatchObject({
      ResponseCode: 2,
      StandardErrorContent: cannot('packet to 10.1.9.9: eni-elb belongs to no instance'),
    });
    expect(run('curl http://169.254.169.254/')).toMatchObject({
      ResponseCode: 1,
      StandardErrorContent: cannot('connection to 169.254.169.254: 169.254.169.254 is the instance metadata service'),
    });
  });

  it('survives a restart in the middle: what it was doing is part of the saved world', () => {
    const id = start([`ping -c 5 ${publicIp}`, 'hostname -I']);
    lab.now += 2500;
    lab.settle();
    lab.region.commands = JSON.parse(JSON.stringify(lab.region.commands));
    lab.now += 60_000;
    expect(invocation(id).StandardOutputContent).toMatch(/5 packets transmitted, 5 received[\s\S]*10\.1\.5\.112 \n$/);
  });

  it('sends as many bytes as it is told, and tells no time where no time stamp fits in', () => {
    const output = run(`ping -c 1 -s 8 ${publicIp}`).StandardOutputContent ?? '';
    expect(output).toContain(
      `PING ${publicIp} (${publicIp}) 8(36) bytes of data.\n16 bytes from ${publicIp}: icmp_seq=1 ttl=126\n`,
    );
    expect(output).not.toContain('rtt');
  });

  it('with a time to live of 1 reaches its own VPC and a peer, and nothing behind an internet gateway', () => {
    lab.peer(1, 2);
    expect(run(`ping -c 1 -t 1 ${privateIp}`).StandardOutputContent).toContain('1 received');
    expect(run(`ping -c 1 -t 1 ${publicIp}`).StandardOutputContent).toContain('0 received');
    expect(run('ping -c 1 -t 5 8.8.8.8').StandardOutputContent).toContain('0 received');
    expect(run('ping -c 1 -t 40 8.8.8.8').StandardOutputContent).toContain('1 received');
  });

  it('that outlasts the execution timeout is killed without statistics', () => {
    const id = start([`ping -c 100 ${publicIp}`], { executionTimeout: ['10'] });
    lab.now += 11_000;
    const answer = invocation(id);
    expect(answer).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Execution Timed Out' });
    expect(answer.StandardOutputContent).toContain('icmp_seq=10 ');
    expect(answer.StandardOutputContent).not.toContain('statistics');
  });
});

describe('names', () => {
  const publicName = 'ec2-54-185-174-2.us-west-2.compute.amazonaws.com';
  beforeEach(() => {
    const { ec2 } = lab.region;
    for (const { VpcId = '' } of ec2.vpcs)
      ec2.vpcAttributes[VpcId] = { enableDnsSupport: true, enableDnsHostnames: true };
    for (const each of ec2.networkInterfaces)
      for (const address of each.PrivateIpAddresses ?? []) {
        const name = `ec2-${address.Association?.PublicIp?.replaceAll('.', '-')}.us-west-2.compute.amazonaws.com`;
        address.Association = { ...address.Association, PublicDnsName: name };
        address.PrivateDnsName = `ip-${address.PrivateIpAddress?.replaceAll('.', '-')}.us-west-2.compute.internal`;
      }
  });
  const pinged = (name: string) => run(`ping -c 1 ${name}`).StandardOutputContent?.split('\n').slice(0, 2).join('\n');

  it('G10 a public DNS name is the public address from another VPC', () => {
    expect(pinged(publicName)).toMatch(
      `PING ${publicName} (${publicIp}) 56(84) bytes of data.\n64 bytes from ${publicName} (${publicIp}): icmp_seq=1`,
    );
  });

  it('G10 over peering it is the private one only where the other side allows it and both VPCs have DNS hostnames', () => {
    lab.peer(1, 2);
    expect(pinged(publicName)).toContain(`(${publicIp})`);
    const { ec2 } = lab.region;
    const side = ec2.peeringConnections[0]?.AccepterVpcInfo ?? {};
    side.PeeringOptions = { AllowDnsResolutionFromRemoteVpc: true };
    expect(pinged(publicName)).toContain(`(${privateIp})`);
    Object.assign(ec2.vpcAttributes['vpc-1'] ?? {}, { enableDnsHostnames: false });
    expect(pinged(publicName)).toContain(`(${publicIp})`);
  });

  it('of private addresses are known in their own VPC only, and none where the VPC has no DNS support', () => {
    expect(pinged('ip-10-1-5-112.us-west-2.compute.internal')).toContain('(10.1.5.112)');
    expect(pinged('IP-10-1-5-112.US-West-2.compute.internal.')).toContain('(10.1.5.112)');
    const answer = run('ping -c 1 ip-10-2-15-210.us-west-2.compute.internal');
    expect(answer.StandardErrorContent).toContain('Name or service not known');
    Object.assign(lab.region.ec2.vpcAttributes['vpc-1'] ?? {}, { enableDnsSupport: false });
    expect(run(`ping -c 1 ${publicName}`).StandardErrorContent).toContain('Temporary failure in name resolution');
  });
});

describe('well-known names of the internet', () => {
  it('are pinged by an instance that has a way out', () => {
    const answer = run('ping -c 1 google.com');
    expect(answer.StandardOutputContent).toMatch(/^PING google\.com \(142\.250\.72\.78\) 56\(84\)/);
    expect(answer.StandardOutputContent).toContain('64 bytes from 142.250.72.78: icmp_seq=1');
    expect(run('ping -c 1 DNS.Google').StandardOutputContent).toContain(
      '64 bytes from dns.google (8.8.8.8): icmp_seq=1',
    );
  });

  it('are known only where the VPC has DNS support, and others are not known at all', () => {
    expect(run('ping -c 1 constructor').StandardErrorContent).toContain('Name or service not known');
    lab.region.ec2.vpcAttributes['vpc-1'] = { enableDnsSupport: false, enableDnsHostnames: false };
    const answer = run('ping -c 1 amazon.com');
    expect(answer.StandardErrorContent).toContain('ping: amazon.com: Temporary failure in name resolution');
    expect(answer.ResponseCode).toBe(2);
  });
});

describe('curl and nc', () => {
  const ended = (command: string) => {
    const { StandardOutputContent, StandardErrorContent, ResponseCode } = run(command);
    return { out: StandardOutputContent, error: StandardErrorContent?.split('\nfailed to run')[0], code: ResponseCode };
  };
  const allowTcp = (port: number) =>
    lab.region.ec2.securityGroups[1]?.IpPermissions?.push({
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    });

  it('an open port of a host with a server is connected to', () => {
    expect(ended(`nc -zv ${publicIp} 22`)).toEqual({
      out: '',
      error: `Ncat: Version 7.93 ( https://nmap.org/ncat )\nNcat: Connected to ${publicIp}:22.\nNcat: 0 bytes sent, 0 bytes received in 0.01 seconds.\n`,
      code: 0,
    });
    expect(ended(`curl ${publicIp}:22`)).toMatchObject({
      error: 'curl: (1) Received HTTP/0.9 when not allowed',
      code: 1,
    });
  });

  it('a port that no group allows is silence, until the time that was asked for', () => {
    expect(ended(`curl -m 5 http://${publicIp}/`)).toMatchObject({
      error: 'curl: (28) Connection timed out after 5001 milliseconds',
      code: 28,
    });
    expect(ended(`nc -z -w 2 ${publicIp} 80`)).toMatchObject({ error: 'Ncat: TIMEOUT.', code: 1 });
    const id = start([`curl -s -S ${publicIp}`]);
    lab.now += 100_000;
    expect(invocation(id)).toMatchObject({ Status: 'InProgress' });
    lab.now += 60_000;
    expect(invocation(id)).toMatchObject({ ExecutionElapsedTime: 'PT127S', ResponseCode: 28 });
  });

  it('an allowed port without a server refuses at once', () => {
    allowTcp(80);
    expect(ended(`curl http://${publicIp}/`)).toMatchObject({
      error: expect.stringMatching(
        /^curl: \(7\) Failed to connect to .* port 80 after \d ms: Couldn't connect to server$/,
      ),
      code: 7,
    });
    expect(ended(`nc -v ${publicIp} 80`).error).toContain('Ncat: Connection refused.');
  });

  it('a web server is there where the user data installs one', () => {
    allowTcp(80);
    const script = '#!/bin/bash\ndnf install -y httpd\nsystemctl enable --now httpd\n';
    lab.region.ec2.userData = { 'i-02': Buffer.from(script).toString('base64') };
    expect(ended(`curl -s http://${publicIp}/`)).toMatchObject({
      out: '<html><body><h1>It works!</h1></body></html>\n',
      code: 0,
    });
    expect(ended(`curl --head ${publicIp}`).out).toContain('HTTP/1.1 200 OK');
  });

  const wrong: [string, string, number][] = [
    ['curl', 'curl: (2) no URL specified', 2],
    ['curl -Z http://1.2.3.4', 'curl: this sandbox knows the options', 2],
    ['nc 1.2.3.4 0x16', 'Ncat: Invalid port number "0x16". QUITTING.', 2],
    ['curl -m soon http://1.2.3.4', 'curl: option -m: expected a proper numerical parameter', 2],
    ['curl http://example.invalid', 'curl: (6) Could not resolve host: example.invalid', 6],
    ['curl ftp://1.2.3.4', 'curl: (1) Protocol "ftp" not supported', 1],
    ['curl http://[', 'curl: (3) URL rejected', 3],
    ['nc', 'Ncat: You must specify a host to connect to. QUITTING.', 2],
    ['nc 1.2.3.4 70000', 'Ncat: Invalid port number "70000". QUITTING.', 2],
    ['nc -l 80', 'not -l', 2],
    ['nc -w 0 1.2.3.4 80', 'Ncat: Invalid -w timeout. QUITTING.', 2],
  ];
  it.each(wrong)('%s ends with its own message', (command, message, code) => {
    expect(ended(command)).toMatchObject({ error: expect.stringContaining(message), code, out: '' });
  });
});

describe('the other commands', () => {
  const outputs: [string, string][] = [
    ['hostname', 'ip-10-1-5-112.us-west-2.compute.internal\n'],
    ['hostname -I', '10.1.5.112 \n'],
    ['whoami', 'root\n'],
    ['date', 'Mon Nov 23 10:01:00 UTC 2026\n'],
    ['ip route', 'default via 10.1.0.1 dev ens5'],
    ['ip addr', 'inet 10.1.5.112/20 metric 512 brd 10.1.15.255 scope global dynamic ens5'],
  ];
  it.each(outputs)('%s tells of the instance', (command, expected) => {
    expect(run(command).StandardOutputContent).toContain(expected);
  });

  const words: [string, string][] = [
    ["echo 'one  two' \"three  '\"", "one  two three  '\n"],
    ['echo one\\ \\$two "\\$three \\four"', 'one $two $three \\four\n'],
    ["echo '$HOME `id`' x''y", '$HOME `id` xy\n'],
    ['echo "a # b" c#d # e', 'a # b c#d\n'],
    ['\'hostname\' "-I"', '10.1.5.112 \n'],
  ];
  it.each(words)('%s is split into words as sh does', (command, expected) => {
    expect(run(command)).toMatchObject({ StandardOutputContent: expected, StandardErrorContent: '' });
  });

  it.each([
    '/usr/bin/ping',
    '/bin/ping',
    '/usr/sbin/ping',
    'sudo ping',
    'sudo /bin/ping',
    'sudo sudo ping',
  ])('%s is ping', (name) => {
    expect(run(`${name} -c 1 "${publicIp}"`).StandardOutputContent).toContain('1 received');
  });

  it.each([
    '/usr/sbin/ip route',
    '/usr/bin/hostname',
    '/bin/curl',
    '/usr/bin/echo',
  ])('%s is known by its path', (name) => {
    expect(run(name).StandardErrorContent).not.toContain('command not found');
  });

  const joined: [string, string, number][] = [
    ['echo one; echo two;', 'one\ntwo\n', 0],
    ['true && echo one || echo two', 'one\n', 0],
    ['nc && echo one || echo two', 'two\n', 0],
    ['true || echo one && echo two', 'two\n', 0],
    ['nc; echo one', 'one\n', 0],
    ['echo one; nc && echo two', 'one\n', 2],
    ['nc||echo one&&nc', 'one\n', 2],
  ];
  it.each(joined)('%s runs what the ends before allow', (command, expected, code) => {
    expect(run(command)).toMatchObject({ StandardOutputContent: expected, ResponseCode: code });
  });

  it('of one line take their time one after another, also over a restart', () => {
    const id = start([`sleep 20 && ping -c 3 ${publicIp} && sleep 1m; date`]);
    lab.now += 21_500;
    lab.settle();
    lab.region.commands = JSON.parse(JSON.stringify(lab.region.commands));
    lab.now += 3_600_000;
    const answer = invocation(id);
    expect(answer.StandardOutputContent).toMatch(/3 received[\s\S]*Mon Nov 23 10:02:2\d UTC 2026\n$/);
    expect(answer).toMatchObject({ Status: 'Success', ExecutionElapsedTime: expect.stringMatching(/^PT82/) });
  });

  it('that sleep for longer than they may run are ended', () => {
    const id = start(['sleep 1h', 'echo never'], { executionTimeout: ['60'] });
    lab.now += 4_000_000;
    expect(invocation(id)).toMatchObject({ Status: 'TimedOut', ResponseCode: 137, StandardOutputContent: '' });
  });

  it('may be followed by a comment', () => {
    expect(run('echo one # two').StandardOutputContent).toBe('one\n');
  });

  it('run in order, each line of its own, and the last exit code counts', () => {
    const answer = run('#!/bin/bash\nhostname -I', `ping -c 1 ${privateIp}`, 'hostname -I');
    expect(answer.StandardOutputContent).toMatch(/^10\.1\.5\.112 \nPING[\s\S]*10\.1\.5\.112 \n$/);
    expect(answer.ResponseCode).toBe(0);
  });

  const unknown: [string, string, number][] = [
    ['wget http://1.2.3.4/', '_script.sh: line 1: wget: command not found (this sandbox knows ping, curl, nc,', 127],
    ['ping -c 1 $(cat /etc/passwd)', 'no shell syntax such as `$', 2],
    ['echo one; rm -rf /', 'line 1: rm: command not found (this sandbox knows ping, curl, nc,', 127],
    ['"hostname -I"', 'hostname -I: command not found', 127],
    ['/usr/sbin/curl http://1.2.3.4', '/usr/sbin/curl: command not found', 127],
    ['/tmp/ping 1.2.3.4', '/tmp/ping: command not found', 127],
    ['sudo -i', 'sudo: this sandbox knows sudo with a command and no options only', 1],
    ['echo "$HOME"', 'no shell syntax such as `$', 2],
    ['echo "`id`"', 'no shell syntax such as ``', 2],
    ['echo ~', 'no shell syntax such as `~', 2],
    ['echo one > two', 'no shell syntax such as `>', 2],
    ['echo one | two', 'no shell syntax such as `|', 2],
    ['echo one & two', 'no shell syntax such as `&', 2],
    ['echo "one', 'unexpected EOF while looking for matching `"', 2],
    ["echo 'one", "unexpected EOF while looking for matching `'", 2],
    ['echo one;; echo two', 'syntax error near unexpected token `;', 2],
    ['echo one &&', 'no command that goes on behind `&&', 2],
    ['echo one \\', 'no shell syntax such as `\\', 2],
  ];
  it.each(unknown)('%s is never handed to a shell', (command, message, exitCode) => {
    const answer = run(command);
    expect(answer.StandardErrorContent).toContain(message);
    expect(answer.ResponseCode).toBe(exitCode);
  });
});

describe('the history of commands', () => {
  it('lists invocations newest first, with what they printed', () => {
    run(`ping -c 1 ${publicIp}`);
    run('nothing');
    const list = (more: object) =>
      send<Ssm.ListCommandInvocationsResult>('ListCommandInvocations', more).CommandInvocations ?? [];
    const [newest, oldest] = list({ InstanceId: 'i-01', Details: true });
    expect(newest).toMatchObject({ Status: 'Failed', CommandPlugins: [{ ResponseCode: 127 }] });
    expect(newest?.CommandPlugins?.[0]?.Output).toMatch(/^\n-{10}ERROR-{7}\n.*nothing: command not found/);
    expect(oldest?.CommandPlugins?.[0]?.Output).toContain('1 packets transmitted, 1 received');
    expect(list({ InstanceId: 'i-02' })).toEqual([]);
    expect(list({ Filters: [{ key: 'Status', value: 'Success' }] })).toHaveLength(1);
    expect(send('ListCommands', {})).toMatchObject({
      Commands: [{ Status: 'Failed', ErrorCount: 1 }, { Status: 'Success' }],
    });
  });

  it('cuts a plugin’s output at 2400 characters and the invocation’s at 24,000', () => {
    const answer = run(`ping -c 500 ${publicIp}`);
    expect(answer.StandardOutputContent).toHaveLength(24_000);
    const { CommandInvocations } = send<Ssm.ListCommandInvocationsResult>('ListCommandInvocations', { Details: true });
    const output = CommandInvocations?.[0]?.CommandPlugins?.[0]?.Output;
    expect(output).toHaveLength(2400);
    expect(output).toMatch(/---Output truncated---$/);
  });

  it('shows a cancelled command as cancelled, and an ended one as it ended', () => {
    const id = start([`ping -c 5 ${publicIp}`]);
    lab.now += 1000;
    send('CancelCommand', { CommandId: id });
    expect(invocation(id)).toMatchObject({ Status: 'Cancelled' });
    const ended = run('hostname').CommandId;
    send('CancelCommand', { CommandId: ended });
    expect(invocation(ended ?? '')).toMatchObject({ Status: 'Success' });
  });

  const document = 'AWS-RunShellScript';
  const refused: [string, object, string][] = [
    ['SendCommand', { InstanceIds: ['i-01'], DocumentName: 'AWS-RunPowerShellScript' }, 'InvalidDocument'],
    ['SendCommand', { InstanceIds: ['i-01'], DocumentName: document }, 'InvalidParameters'],
    ['SendCommand', { DocumentName: document, Parameters: { commands: ['hostname'] } }, 'ValidationException'],
    [
      'SendCommand',
      { InstanceIds: ['i-01'], DocumentName: document, Parameters: { commands: ['hostname'] }, TimeoutSeconds: 29 },
      'ValidationException',
    ],
    [
      'SendCommand',
      { InstanceIds: ['i-01'], DocumentName: document, Parameters: { commands: ['hostname'], command: ['x'] } },
      'InvalidParameters',
    ],
    ['GetCommandInvocation', { CommandId: 'absent', InstanceId: 'i-01' }, 'InvocationDoesNotExist'],
    ['CancelCommand', { CommandId: 'absent' }, 'InvalidCommandId'],
    ['GetParameter', { Name: '/mine' }, 'ParameterNotFound'],
  ];
  it.each(refused)('%s of %j is refused with AWS’s code', (operation, input, code) => {
    expect(() => send(operation, input)).toThrow(refusal(code));
  });
});

it('the public parameters of Amazon Linux lead to an image', () => {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  expect(send('GetParameter', { Name })).toMatchObject({
    Parameter: { Value: expect.stringMatching(/^ami-[0-9a-f]{17}$/) },
  });
  expect(send('GetParameters', { Names: [Name, '/mine'] })).toMatchObject({
    Parameters: [{ Name }],
    InvalidParameters: ['/mine'],
  });
});
