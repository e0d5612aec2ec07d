/**
 * Why a packet stopped, in Reachability Analyzer's own codes where it has one for the cause
 * (VPC Reachability Analyzer, Explanation codes), and in the same style where it has none.
 */
const MEANINGS = {
  BAD_STATE: 'A component on the way is not in a state in which it carries packets.',
  BAD_STATE_ATTACHMENT: 'A component on the way is not attached to what should carry its packets.',
  BAD_STATE_ROUTE: 'The route that matches is a blackhole: its target does not exist or is not available.',
  ENI_SG_RULES_MISMATCH: 'No security group rule of the network interface allows this packet.',
  SG_HAS_NO_RULES:
    'The security groups of the network interface have no rules in this direction, so nothing is allowed.',
  SUBNET_ACL_RESTRICTION: 'The network ACL of the subnet denies this packet.',
  NO_ROUTE_TO_DESTINATION: 'The route table has no route whose destination holds this address.',
  VPC_LOCAL_ROUTE_CIDR_RESTRICTION: 'The local route leads only to addresses inside the blocks of the VPC.',
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR:
    'A peering connection carries packets only to addresses inside the blocks of the peer VPC.',
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS:
    'The packet was routed to an internet gateway, which delivers nothing to a private address (RFC 1918).',
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS:
    'The packet was routed to an internet gateway, which delivers nothing to a shared address (RFC 6598).',
  IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS:
    'An internet gateway accepts nothing from the internet that claims a private address (RFC 1918) as its source.',
  IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS:
    'An internet gateway accepts nothing from the internet that claims a shared address (RFC 6598) as its source.',
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS:
    'The packet was routed to an internet gateway, but its sender has no public address to be seen by.',
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: 'The address is not the public address of any network interface here.',
  NO_POSSIBLE_DESTINATION: 'Nothing that takes such a packet has this address.',
  UNKNOWN_DESTINATION: 'It is not known what is at this address.',
  SG_REFERENCES_NOT_PRESERVED:
    'A rule refers to a security group, and the packet came through an instance that forwards: who sent it is not preserved.',
  ENI_SOURCE_DEST_CHECK_RESTRICTION:
    'The source/destination check of the network interface refuses packets that are neither from it nor to it.',
  NGW_REQUIRES_SOURCE_IN_VPC: 'A NAT gateway forwards only packets from its own VPC.',
  NGW_UNSOLICITED_TRAFFIC:
    'A NAT gateway takes answers to what it has sent and nothing else; it does not answer pings.',
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: 'The source of the packet is no address of this VPC.',
  VPC_BLOCK_PUBLIC_ACCESS_ENABLED: 'VPC Block Public Access stops traffic between this subnet and the internet.',
  FORWARDING_LOOP:
    'The packet comes back to where it was already forwarded: it would circle until its time to live ends.',
  OVERLAPPING_PREFIX_LISTS:
    'Routes of two prefix lists that both hold this address lead to different targets: AWS chooses one at random.',
  UNKNOWN_TRANSLATION:
    'An instance forwards the packet, and whether it puts its own address in place of the sender is known to its operating system only.',
  UNKNOWN_PEERED_SGS: 'A rule refers to a security group whose members are not known here.',
  UNKNOWN_RESOURCE: 'A resource on the way could not be looked up.',
  UNSUPPORTED_COMPONENT: 'The way leads through something that this model does not follow.',
  INSTANCE_NOT_RUNNING: 'The instance is not running, so it neither sends nor answers.',
  PEERING_NOT_ACTIVE: 'The peering connection is not active; only an active one carries packets.',
  PREFIX_LIST_NOT_READ: 'A prefix list could decide this, and its entries are not known here.',
  ANSWER_FROM_ANOTHER_ADDRESS:
    'The answer comes from another address than the one that was asked, so it is not taken for one.',
  ANSWER_TO_ANOTHER_INTERFACE: 'The answer was routed to another network interface than the one that asked.',
} as const;

export type Code = keyof typeof MEANINGS;

/** The code in plain words. A code that the walk never gives is returned as it is. */
export function meaningOf(code: string): string {
  return Object.hasOwn(MEANINGS, code) ? MEANINGS[code as Code] : code;
}
