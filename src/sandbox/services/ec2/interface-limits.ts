/** How many network interfaces and addresses an instance may have (EC2 User Guide, "Maximum IP addresses per network interface"). */
import { AwsError } from '../../service.ts';
import { findInstanceType } from './instance-types.ts';

/** @param addresses How many private IPv4 addresses each of the instance's interfaces has. */
export function requireWithinLimits(instanceType: string, addresses: readonly number[]): void {
  const { MaximumNetworkInterfaces: most = 1, Ipv4AddressesPerInterface: mostAddresses = 1 } =
    findInstanceType(instanceType).NetworkInfo ?? {};
  if (addresses.length > most)
    throw new AwsError(
      'AttachmentLimitExceeded',
      `Interface count ${addresses.length} exceeds the limit for ${instanceType}`,
    );
  if (addresses.some((count) => count > mostAddresses))
    throw new AwsError(
      'PrivateIpAddressLimitExceeded',
      `Number of private addresses will exceed limit: ${instanceType} has up to ${mostAddresses} an interface.`,
    );
}
