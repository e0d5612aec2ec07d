/** `--protocol`, `--port`, `--cidr`, `--source-group` and `--group-owner`: one rule in plain words (secgroupsimplify.py). */
import { Misuse } from './misuse.ts';
import type { Option, Parameters } from './option.ts';

export const securityGroupOptions: readonly Option[] = [
  simple('protocol', 'tcp, udp, icmp, all, or a protocol number', (permission, value) => {
    permission.IpProtocol = protocol(value);
  }),
  simple('port', 'one port, or a range such as 22-25; for icmp the type, or type-code', (permission, value) => {
    const [from, to] = ports(value);
    permission.FromPort = from;
    permission.ToPort = to;
  }),
  simple('cidr', 'the IPv4 address range', (permission, value) => {
    permission.IpRanges = [{ CidrIp: value }];
  }),
  simple('source-group', 'the name or id of the source security group', (permission, value) => {
    pair(permission)[value.startsWith('sg-') ? 'GroupId' : 'GroupName'] = value;
  }),
  simple('group-owner', 'the AWS account that owns the source security group', (permission, value) => {
    pair(permission).UserId = value;
  }),
];

function simple(name: string, about: string, set: (permission: Parameters, value: string) => void): Option {
  return {
    name,
    takes: 'one',
    about,
    set(input, [value = '']) {
      if (value.length === 0) return;
      input.IpPermissions ??= [{}];
      const [permission] = input.IpPermissions as [Parameters];
      set(permission, String(value));
    },
  };
}

function pair(permission: Parameters): Parameters {
  permission.UserIdGroupPairs ??= [{}];
  return (permission.UserIdGroupPairs as [Parameters])[0];
}

function protocol(value: string): string {
  if (/^-?\d+$/.test(value)) {
    const number = Number(value);
    if (number >= -1 && number <= 255) return value;
    throw new Misuse('protocol numbers must be in the range 0-255 or -1 to specify all protocols');
  }
  if (value === 'all') return '-1';
  if (['tcp', 'udp', 'icmp'].includes(value)) return value;
  throw new Misuse('protocol parameter should be one of: tcp|udp|icmp|all or any valid protocol number.');
}

function ports(value: string): readonly [number, number] {
  if (value === '-1' || value === 'all') return [-1, -1];
  const [, from, to = from] = /^(\d+)(?:-(-?\d+))?$/.exec(value) ?? [];
  if (from === undefined) throw new Misuse('port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)');
  return [Number(from), Number(to)];
}
