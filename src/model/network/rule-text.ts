/** Rules of groups and ACLs in words. */
import type { NetworkAclEntry, SecurityGroupRule } from './topology.ts';

const PROTOCOL_NAME = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmpv6'],
]);

/** `rule 100: allow tcp 22 from 0.0.0.0/0`. */
export function aclEntryText(entry: NetworkAclEntry): string {
  const detail = entry.icmp
    ? icmpText(entry.icmp.type, entry.icmp.code)
    : entry.ports
      ? portText(entry.ports.from, entry.ports.to)
      : '';
  return `rule ${entry.ruleNumber}: ${entry.action} ${protocolText(entry.protocol)}${detail} ${entry.egress ? 'to' : 'from'} ${entry.cidr}`;
}

/** `icmp type 8 0.0.0.0/0`, `tcp 22 sg-1`, `all 10.0.0.0/8`. */
export function securityGroupRuleText({ protocol, fromPort = -1, toPort = -1, peer }: SecurityGroupRule): string {
  const name = protocolText(protocol);
  const detail =
    protocol === '-1' ? '' : name.startsWith('icmp') ? icmpText(fromPort, toPort) : portText(fromPort, toPort);
  const who = peer.kind === 'group' ? peer.groupId : peer.kind === 'prefix-list' ? peer.id : peer.cidr;
  return `${name}${detail} ${who}`;
}

function protocolText(protocol: string): string {
  return protocol === '-1' ? 'all' : (PROTOCOL_NAME.get(protocol) ?? protocol);
}

function icmpText(type: number, code: number): string {
  if (type === -1) return '';
  return code === -1 ? ` type ${type}` : ` type ${type} code ${code}`;
}

function portText(from: number, to: number): string {
  if (from === -1) return '';
  return from === to ? ` ${from}` : ` ${from}-${to}`;
}
