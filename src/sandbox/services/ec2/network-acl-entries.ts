/** The rules of network ACLs. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { invalidValue, missingParameter, requireAcl } from './common.ts';
import { requireCidr6 } from './ipv6-blocks.ts';

/** The rule `*` of IPv4; the numbers from here on are AWS's own. */
const LAST_RULE = 32767;

type EntryInput = Ec2.CreateNetworkAclEntryRequest | Ec2.ReplaceNetworkAclEntryRequest;

const ICMP = ['1', '58'];
const PROTOCOLS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };

function entryFrom(input: EntryInput): Ec2.NetworkAclEntry {
  const { RuleNumber = 0, Egress, RuleAction, PortRange, IcmpTypeCode } = input;
  if (RuleNumber < 1 || RuleNumber >= LAST_RULE)
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value '${RuleNumber}' for ruleNumber. Must be between 1 and 32766.`,
    );
  const Protocol = PROTOCOLS[(input.Protocol ?? '').toLowerCase()] ?? input.Protocol ?? '-1';
  if (!/^-1$|^\d{1,3}$/.test(Protocol) || Number(Protocol) > 255) throw invalidValue('protocol', Protocol);
  if (RuleAction !== 'allow' && RuleAction !== 'deny') throw invalidValue('ruleAction', RuleAction ?? '');
  if (PortRange) requirePorts(PortRange);
  if ((Protocol === '6' || Protocol === '17') && !PortRange)
    throw new AwsError('MissingParameter', 'The request must contain the parameter portRange');
  if (ICMP.includes(Protocol) && !IcmpTypeCode)
    throw new AwsError('MissingParameter', 'The request must contain the parameter icmpTypeCode');
  return {
    ...blockFrom(input),
    Egress,
    Protocol,
    RuleAction,
    RuleNumber,
    ...(PortRange && Protocol !== '-1' && { PortRange }),
    ...(IcmpTypeCode && ICMP.includes(Protocol) && { IcmpTypeCode }),
  };
}

function requirePorts({ From = 0, To = From }: Ec2.PortRange): void {
  for (const port of [From, To])
    if (port < 0 || port > 65_535) throw invalidValue('portRange', `${From}-${To}`, 'A port is between 0 and 65535.');
  if (From > To) throw invalidValue('portRange', `${From}-${To}`, 'The first port is after the last.');
}

function blockFrom({ CidrBlock, Ipv6CidrBlock }: EntryInput): Pick<Ec2.NetworkAclEntry, 'CidrBlock' | 'Ipv6CidrBlock'> {
  if (CidrBlock !== undefined && Ipv6CidrBlock !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameters cidrBlock and ipv6CidrBlock cannot be used together.',
    );
  if (Ipv6CidrBlock !== undefined) return { Ipv6CidrBlock: requireCidr6('ipv6CidrBlock', Ipv6CidrBlock) };
  if (CidrBlock === undefined) throw missingParameter('cidrBlock');
  return { CidrBlock: requireCidr('cidrBlock', CidrBlock) };
}

function isSame(
  entry: Ec2.NetworkAclEntry,
  { RuleNumber, Egress }: { RuleNumber: number | undefined; Egress: boolean | undefined },
): boolean {
  return entry.RuleNumber === RuleNumber && entry.Egress === Egress;
}

function byNumber(a: Ec2.NetworkAclEntry, b: Ec2.NetworkAclEntry): number {
  return (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0);
}

const CreateNetworkAclEntry: Operation<Ec2.CreateNetworkAclEntryRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  const entry = entryFrom(input);
  if (acl.Entries?.some((each) => isSame(each, input)))
    throw new AwsError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${input.RuleNumber} already exists.`,
    );
  acl.Entries = [...(acl.Entries ?? []), entry].sort(byNumber);
  return {};
};

const ReplaceNetworkAclEntry: Operation<Ec2.ReplaceNetworkAclEntryRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  const entry = entryFrom(input);
  requireEntry(acl, input);
  acl.Entries = acl.Entries?.map((each) => (isSame(each, input) ? entry : each));
  return {};
};

const DeleteNetworkAclEntry: Operation<Ec2.DeleteNetworkAclEntryRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  requireEntry(acl, input);
  acl.Entries = acl.Entries?.filter((each) => !isSame(each, input));
  return {};
};

function requireEntry(
  acl: Ec2.NetworkAcl,
  input: { RuleNumber: number | undefined; Egress: boolean | undefined },
): void {
  if ((input.RuleNumber ?? 0) >= LAST_RULE || !acl.Entries?.some((each) => isSame(each, input)))
    throw new AwsError(
      'InvalidNetworkAclEntry.NotFound',
      `Rule ${input.RuleNumber} does not exist in network ACL ${acl.NetworkAclId}.`,
    );
}

export const networkAclEntryOperations: Operations = {
  CreateNetworkAclEntry,
  ReplaceNetworkAclEntry,
  DeleteNetworkAclEntry,
};
