/** The names that the Amazon DNS server knows, asked from inside a VPC. */
import type { Ec2State } from '../world.ts';

/** Some well-known names of the internet, each with an address that it had. */
const PUBLIC_NAMES: Readonly<Record<string, string>> = {
  'amazon.com': '205.251.242.103',
  'aws.amazon.com': '13.224.14.60',
  'dns.google': '8.8.8.8',
  'example.com': '93.184.215.14',
  'google.com': '142.250.72.78',
  'one.one.one.one': '1.1.1.1',
  'www.google.com': '142.250.72.68',
};

/** Those whose address leads back to them. */
const REVERSE_NAMES = ['dns.google', 'one.one.one.one'];

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
  return (Object.hasOwn(PUBLIC_NAMES, name) && PUBLIC_NAMES[name]) || 'unknown';
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
  return REVERSE_NAMES.find((name) => PUBLIC_NAMES[name] === address);
}
