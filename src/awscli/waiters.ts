/** The waiters of `aws SERVICE wait`, each with the operation that it asks (the waiters-2.json files of botocore). */
import type { ServiceName } from '../account/connection.ts';

export const WAITERS: Partial<Readonly<Record<ServiceName, Readonly<Record<string, string>>>>> = {
  ec2: {
    ImageAvailable: 'DescribeImages',
    ImageExists: 'DescribeImages',
    InstanceExists: 'DescribeInstances',
    InstanceRunning: 'DescribeInstances',
    InstanceStatusOk: 'DescribeInstanceStatus',
    InstanceStopped: 'DescribeInstances',
    InstanceTerminated: 'DescribeInstances',
    InternetGatewayExists: 'DescribeInternetGateways',
    KeyPairExists: 'DescribeKeyPairs',
    NatGatewayAvailable: 'DescribeNatGateways',
    NatGatewayDeleted: 'DescribeNatGateways',
    NetworkInterfaceAvailable: 'DescribeNetworkInterfaces',
    SecurityGroupExists: 'DescribeSecurityGroups',
    SubnetAvailable: 'DescribeSubnets',
    SystemStatusOk: 'DescribeInstanceStatus',
    VolumeAvailable: 'DescribeVolumes',
    VolumeDeleted: 'DescribeVolumes',
    VolumeInUse: 'DescribeVolumes',
    VpcAvailable: 'DescribeVpcs',
    VpcExists: 'DescribeVpcs',
    VpcPeeringConnectionDeleted: 'DescribeVpcPeeringConnections',
    VpcPeeringConnectionExists: 'DescribeVpcPeeringConnections',
  },
  iam: {
    InstanceProfileExists: 'GetInstanceProfile',
    PolicyExists: 'GetPolicy',
    RoleExists: 'GetRole',
    UserExists: 'GetUser',
  },
  ssm: { CommandExecuted: 'GetCommandInvocation' },
};
