/** What network ACLs say to a packet. */
import { contains } from './cidr.ts';
import {
  type Direction,
  type FilterDecision,
  type Flow,
  flowText,
  icmpType,
  PROTOCOL_NUMBER,
  within,
} from './filter.ts';
import { lookupOf } from './lookup.ts';
import { aclEntryText } from './rule-text.ts';
import type { NetworkAcl, NetworkAclEntry, Topology } from './topology.ts';

/** The ACL associated with the subnet, else its VPC's default one (VPC User Guide, Network ACLs). */
export function networkAclOf(topology: Topology, subnetId: string): NetworkAcl | undefined {
  const lookup = lookupOf(topology);
  const subnet = lookup.subnet(subnetId);
  return subnet && lookup.networkAclOf(subnet);
}

/**
 * What the ACL says to a packet that enters (ingress) or leaves (egress) its subnet. Stateless: the lowest numbered
 * rule that fits decides, and where none fits the packet is denied (VPC User Guide, Network ACLs).
 */
export function networkAclDecision(acl: NetworkAcl, direction: Direction, flow: Flow): FilterDecision {
  const remote = direction === 'ingress' ? flow.source : flow.destination;
  const entry = acl.entries
    .filter(
      (each) => each.egress === (direction === 'egress') && contains(each.cidr, remote) && aclEntryFits(each, flow),
    )
    .reduce<NetworkAclEntry | undefined>(
      (first, each) => (first && first.ruleNumber <= each.ruleNumber ? first : each),
      undefined,
    );
  const rule = `${acl.id} ${direction} ${entry ? aclEntryText(entry) : 'rule *: deny all'}`;
  if (entry?.action === 'allow') return { outcome: 'passed', id: acl.id, rule };
  return {
    outcome: 'stopped',
    id: acl.id,
    code: 'SUBNET_ACL_RESTRICTION',
    rule: `${rule} (the packet is ${flowText(flow)})`,
  };
}

function aclEntryFits(entry: NetworkAclEntry, flow: Flow): boolean {
  if (entry.protocol === '-1') return true;
  if (entry.protocol !== PROTOCOL_NUMBER[flow.protocol]) return false;
  if (flow.protocol === 'icmp') {
    const { type = -1, code = -1 } = entry.icmp ?? {};
    return (type === -1 || type === icmpType(flow)) && (code === -1 || code === 0);
  }
  return !entry.ports || within(flow.destinationPort ?? 0, entry.ports.from, entry.ports.to);
}
