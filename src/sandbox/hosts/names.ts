/** The names that the Amazon DNS server knows, asked from inside a VPC. */
import type { Ec2State } from '../world.ts';

/**
 * VPC User Guide, "DNS attributes for your VPC"; VPC Peering Guide, "Enable DNS resolution": a public DNS name is the
 * private address to whoever asks from its own VPC, and from a peer whose side of the connection allows it.
 * @returns `silent` where the VPC has no DNS support.
 */
export function resolve(ec2: Ec2State, vpcId: string, asked: string): string | 'unknown' | 'silent' {
  const name = asked.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost') return '127.0.0.1';
  if (ec2.vpcAttributes[vpcId]?.enableDnsSupport === false) return 'silent';
  for (const each of ec2.networkInterfaces)
    for (const { PrivateIpAddress = '', PrivateDnsName, Association } of each.PrivateIpAddresses ?? []) {
      if (each.VpcId === vpcId && PrivateDnsName === name) return PrivateIpAddress;
      if (Association?.PublicDnsName === undefined || Association.PublicDnsName !== name) continue;
      const inside = each.VpcId === vpcId || allowsResolution(ec2, each.VpcId ?? '', vpcId);
      return inside ? PrivateIpAddress : (Association.PublicIp ?? 'unknown');
    }
  return 'unknown';
}

/** Has this VPC's side of an active peering connection AllowDnsResolutionFromRemoteVpc, and both VPCs DNS hostnames? */
function allowsResolution(ec2: Ec2State, ownerVpcId: string, askingVpcId: string): boolean {
  const hostnames = [ownerVpcId, askingVpcId].every((id) => {
    const attributes = ec2.vpcAttributes[id];
    return attributes?.enableDnsHostnames && attributes.enableDnsSupport;
  });
  return (
    hostnames &&
    ec2.peeringConnections.some(({ Status, RequesterVpcInfo, AccepterVpcInfo }) => {
      const sides = [RequesterVpcInfo, AccepterVpcInfo];
      const owner = sides.find((side) => side?.VpcId === ownerVpcId);
      const joined = Status?.Code === 'active' && sides.some((side) => side?.VpcId === askingVpcId);
      return joined && owner?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc === true;
    })
  );
}

/** The name that the Amazon DNS server gives for a private address of this VPC, or for a public one. */
export function nameOf(ec2: Ec2State, vpcId: string, address: string): string | undefined {
  for (const each of ec2.networkInterfaces)
    for (const { PrivateIpAddress, PrivateDnsName, Association } of each.PrivateIpAddresses ?? []) {
      if (each.VpcId === vpcId && PrivateIpAddress === address) return PrivateDnsName;
      if (Association?.PublicIp === address) return Association.PublicDnsName;
    }
  return undefined;
}
