/** Attributes of a subnet (EC2 API Reference, ModifySubnetAttribute). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { invalidValue, oneAttribute, requireSubnet } from './common.ts';

const NAMES = [
  'AssignIpv6AddressOnCreation',
  'EnableDns64',
  'EnableLniAtDeviceIndex',
  'EnableResourceNameDnsAAAARecordOnLaunch',
  'EnableResourceNameDnsARecordOnLaunch',
  'MapCustomerOwnedIpOnLaunch',
  'MapPublicIpOnLaunch',
  'PrivateDnsHostnameTypeOnLaunch',
] as const;

const ModifySubnetAttribute: Operation<Ec2.ModifySubnetAttributeRequest, object> = (request, input) => {
  const subnet = requireSubnet(request, input.SubnetId);
  const name = oneAttribute(NAMES, input);
  switch (name) {
    case 'MapPublicIpOnLaunch':
      subnet.MapPublicIpOnLaunch = input.MapPublicIpOnLaunch?.Value ?? false;
      return {};
    case 'AssignIpv6AddressOnCreation':
      if (input.AssignIpv6AddressOnCreation?.Value) requireIpv6(subnet);
      subnet.AssignIpv6AddressOnCreation = input.AssignIpv6AddressOnCreation?.Value ?? false;
      return {};
    case 'EnableDns64':
      subnet.EnableDns64 = input.EnableDns64?.Value ?? false;
      return {};
    case 'PrivateDnsHostnameTypeOnLaunch':
      if (
        input.PrivateDnsHostnameTypeOnLaunch !== 'ip-name' &&
        input.PrivateDnsHostnameTypeOnLaunch !== 'resource-name'
      )
        throw invalidValue('privateDnsHostnameTypeOnLaunch', input.PrivateDnsHostnameTypeOnLaunch ?? '');
      setDns(subnet, { HostnameType: input.PrivateDnsHostnameTypeOnLaunch });
      return {};
    case 'EnableResourceNameDnsARecordOnLaunch':
      setDns(subnet, { EnableResourceNameDnsARecord: input.EnableResourceNameDnsARecordOnLaunch?.Value });
      return {};
    case 'EnableResourceNameDnsAAAARecordOnLaunch':
      setDns(subnet, { EnableResourceNameDnsAAAARecord: input.EnableResourceNameDnsAAAARecordOnLaunch?.Value });
      return {};
    default:
      throw new AwsError('UnsupportedOperation', `The subnet ${subnet.SubnetId} is not on an Outpost.`);
  }
};

function requireIpv6({ SubnetId, Ipv6CidrBlockAssociationSet }: Ec2.Subnet): void {
  if (!Ipv6CidrBlockAssociationSet?.length)
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value 'true' for assignIpv6AddressOnCreation. The subnet ${SubnetId} does not have any IPv6 CIDR blocks associated.`,
    );
}

function setDns(subnet: Ec2.Subnet, change: Ec2.PrivateDnsNameOptionsOnLaunch): void {
  subnet.PrivateDnsNameOptionsOnLaunch = { ...subnet.PrivateDnsNameOptionsOnLaunch, ...change };
}

export const subnetAttributeOperations: Operations = { ModifySubnetAttribute };
