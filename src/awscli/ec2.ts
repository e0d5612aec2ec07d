/** What the AWS CLI adds to EC2's own parameters (awscli/customizations/ec2 and argrename.py of version 2). */

import { runInstancesOptions } from './ec2-run-instances.ts';
import { securityGroupOptions } from './ec2-security-groups.ts';
import { Misuse } from './misuse.ts';
import type { Option, OptionTable, Parameters } from './option.ts';

/** Its calls are of another age, and the AWS CLI leaves them out. */
export const REMOVED = new Set(['ImportInstance', 'ImportVolume']);

const RENAMED: Readonly<Record<string, string>> = {
  'no-egress': 'ingress',
  'no-disable-api-termination': 'enable-api-termination',
  'no-no-reboot': 'reboot',
};

export function withEc2Options(operation: string, table: OptionTable): OptionTable {
  const renamed: OptionTable = new Map(
    [...table.values()].map((option) => {
      // Only plain flags have these names; an attribute's `--no-disable-api-termination` keeps its own.
      const name = (isFlag(table, option) && RENAMED[option.name]) || option.name;
      return [name, { ...option, name }];
    }),
  );
  // `--count` stands for both.
  if (operation === 'RunInstances') for (const name of ['min-count', 'max-count']) renamed.delete(name);
  for (const option of added(operation, renamed)) renamed.set(option.name, option);
  return renamed;
}

function isFlag(table: OptionTable, { name }: Option): boolean {
  return table.get(name.replace(/^no-/, ''))?.takes === 'nothing';
}

function added(operation: string, table: OptionTable): readonly Option[] {
  switch (operation) {
    case 'AuthorizeSecurityGroupIngress':
    case 'AuthorizeSecurityGroupEgress':
    case 'RevokeSecurityGroupIngress':
    case 'RevokeSecurityGroupEgress':
      return securityGroupOptions;
    case 'RunInstances':
      return runInstancesOptions;
    case 'CreateNetworkAclEntry':
    case 'ReplaceNetworkAclEntry':
      return protocolByName(table);
    default:
      return [];
  }
}

const PROTOCOLS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1', all: '-1' };

function protocolByName(table: OptionTable): readonly Option[] {
  const protocol = table.get('protocol');
  if (!protocol) return [];
  return [
    {
      ...protocol,
      set(input, given) {
        protocol.set(input, given);
        input.Protocol = PROTOCOLS[String(input.Protocol)] ?? input.Protocol;
      },
    },
  ];
}

/** What one call may not hold together, and what the AWS CLI fills in. @throws Misuse */
export function finishEc2(operation: string, input: Parameters, given: ReadonlySet<string>): void {
  if (operation === 'RunInstances') finishRunInstances(input, given);
  if (given.has('ip-permissions'))
    for (const each of ['protocol', 'port', 'cidr', 'source-group', 'group-owner'])
      if (given.has(each)) throw new Misuse(`The --${each} option is not compatible with the --ip-permissions option`);
}

function finishRunInstances(input: Parameters, given: ReadonlySet<string>): void {
  const simple = [
    'secondary-private-ip-addresses',
    'secondary-private-ip-address-count',
    'associate-public-ip-address',
  ];
  if (given.has('network-interfaces') && simple.some((each) => given.has(each)))
    throw new Misuse('Mixing the --network-interfaces option with the simple, scalar options is not supported.');
  input.MinCount ??= 1;
  input.MaxCount ??= 1;
  const [first] = Array.isArray(input.NetworkInterfaces) ? (input.NetworkInterfaces as (Parameters | undefined)[]) : [];
  const own = ['PrivateIpAddresses', 'SecondaryPrivateIpAddressCount', 'AssociatePublicIpAddress'];
  if (first === undefined || !own.some((member) => member in first)) return;
  // What belongs to an interface may not stand beside the interfaces (RunInstances).
  const { SubnetId, SecurityGroupIds, PrivateIpAddress, Ipv6AddressCount, Ipv6Addresses, ...rest } = input;
  for (const key of Object.keys(input)) if (!(key in rest)) delete input[key];
  Object.assign(
    first,
    SubnetId !== undefined && { SubnetId },
    SecurityGroupIds !== undefined && { Groups: SecurityGroupIds },
    PrivateIpAddress !== undefined && { PrivateIpAddresses: [{ PrivateIpAddress, Primary: true }] },
    Ipv6AddressCount !== undefined && { Ipv6AddressCount },
    Ipv6Addresses !== undefined && { Ipv6Addresses },
  );
}
