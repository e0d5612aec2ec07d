/** IPv6 blocks of VPCs and subnets (VPC User Guide, "IPv6 VPC CIDR blocks"). The network model knows IPv4 only. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import ipaddr from 'ipaddr.js';
import { pick, resourceId } from '../../ids.ts';
import type { Ec2State } from '../../world.ts';
import { invalidValue } from './common.ts';

const { IPv6 } = ipaddr;
const EVERYWHERE = '::/0';
/** The number of the rule `*` for IPv6 (seen in AWS's answers). */
const LAST_RULE = 32768;

/** Any IPv6 block, as AWS writes it; stray host bits are cleared. */
export function requireCidr6(parameter: string, cidr: string): string {
  if (!IPv6.isValidCIDR(cidr)) throw invalidValue(parameter, cidr, 'This is not a valid IPv6 CIDR block.');
  return `${IPv6.networkAddressFromCIDR(cidr)}/${IPv6.parseCIDR(cidr)[1]}`;
}

export function isWithin6(inner: string, outer: string): boolean {
  const [address, length] = IPv6.parseCIDR(inner);
  return length >= IPv6.parseCIDR(outer)[1] && address.match(IPv6.parseCIDR(outer));
}

/** One of Amazon's /56 blocks. */
export function amazonBlock(
  regionName: string,
  random: () => number,
): Ec2.VpcIpv6CidrBlockAssociation & { Ipv6CidrBlock: string } {
  const third = pick(random, 2 ** 16).toString(16);
  const fourth = (pick(random, 2 ** 8) * 2 ** 8).toString(16);
  return {
    AssociationId: resourceId(random, 'vpc-cidr-assoc'),
    Ipv6CidrBlock: requireCidr6('ipv6CidrBlock', `2600:1f18:${third}:${fourth}::/56`),
    Ipv6CidrBlockState: { State: 'associated' },
    NetworkBorderGroup: regionName,
    Ipv6Pool: 'Amazon',
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}

export function blocks6Of(vpc: Ec2.Vpc): readonly string[] {
  return (vpc.Ipv6CidrBlockAssociationSet ?? []).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []);
}

export function localRoute6(cidr: string): Ec2.Route {
  return { DestinationIpv6CidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
}

/** The rules of a VPC's network ACLs once it has IPv6 (VPC User Guide, "Default network ACL" and "Custom network ACLs"). */
export function lastRules6(): Ec2.NetworkAclEntry[] {
  return [true, false].map((Egress) => ({
    Egress,
    Ipv6CidrBlock: EVERYWHERE,
    Protocol: '-1',
    RuleAction: 'deny',
    RuleNumber: LAST_RULE,
  }));
}

/** Gives a VPC this block, its tables the route to it, and its network ACLs their rules for IPv6. */
export function addBlock6(ec2: Ec2State, vpc: Ec2.Vpc, association: ReturnType<typeof amazonBlock>): void {
  const inVpc = ({ VpcId }: { VpcId?: string | undefined }) => VpcId === vpc.VpcId;
  if (blocks6Of(vpc).length === 0)
    for (const acl of ec2.networkAcls.filter(inVpc))
      acl.Entries = [...(acl.Entries ?? []), ...(acl.IsDefault ? allowRules6() : []), ...lastRules6()];
  vpc.Ipv6CidrBlockAssociationSet = [...(vpc.Ipv6CidrBlockAssociationSet ?? []), association];
  for (const table of ec2.routeTables.filter(inVpc))
    table.Routes = [...(table.Routes ?? []), localRoute6(association.Ipv6CidrBlock)];
}

function allowRules6(): Ec2.NetworkAclEntry[] {
  return lastRules6().map((rule) => ({ ...rule, RuleAction: 'allow', RuleNumber: 101 }));
}
