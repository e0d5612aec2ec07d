/**
 * The waiters of `aws SERVICE wait`: what each asks, how often, and what it looks for in the answer (botocore's
 * waiters-2.json files).
 */
import type { ServiceName } from '../account/connection.ts';

/** What an answer is looked at for, and what follows where it is found. */
export interface Acceptor {
  readonly state: 'success' | 'failure' | 'retry';
  readonly look: Look;
}

/** `path`: a JMESPath expression's value; `all` and `any`: of each of its values; or the HTTP status; or AWS's error code. */
export type Look =
  | { readonly at: 'path' | 'all' | 'any'; readonly expression: string; readonly expected: string | true }
  | { readonly at: 'status'; readonly expected: number }
  | { readonly at: 'error'; readonly expected: string };

export interface Waiter {
  readonly operation: string;
  /** Seconds between two attempts. */
  readonly delay: number;
  readonly maxAttempts: number;
  /** The first that fits an answer decides. */
  readonly acceptors: readonly Acceptor[];
}

type State = Acceptor['state'];

const all = (state: State, expression: string, expected: string): Acceptor => ({
  state,
  look: { at: 'all', expression, expected },
});
const any = (state: State, expression: string, ...values: readonly string[]): Acceptor[] =>
  values.map((expected) => ({ state, look: { at: 'any', expression, expected } }));
const path = (state: State, expression: string, ...values: readonly (string | true)[]): Acceptor[] =>
  values.map((expected) => ({ state, look: { at: 'path', expression, expected } }));
const status = (state: State, expected: number): Acceptor => ({ state, look: { at: 'status', expected } });
const error = (state: State, expected: string): Acceptor => ({ state, look: { at: 'error', expected } });

const waiter = (
  operation: string,
  delay: number,
  maxAttempts: number,
  ...acceptors: readonly (Acceptor | readonly Acceptor[])[]
): Waiter => ({ operation, delay, maxAttempts, acceptors: acceptors.flat() });

const INSTANCE_STATE = 'Reservations[].Instances[].State.Name';
const NO_INSTANCE = error('retry', 'InvalidInstanceID.NotFound');
const NO_ENTITY = error('retry', 'NoSuchEntity');

/** By service and name. */
export const WAITERS: Partial<Readonly<Record<ServiceName, Readonly<Record<string, Waiter>>>>> = {
  ec2: {
    ImageAvailable: waiter(
      'DescribeImages',
      15,
      40,
      all('success', 'Images[].State', 'available'),
      any('failure', 'Images[].State', 'failed'),
    ),
    ImageExists: waiter(
      'DescribeImages',
      15,
      40,
      path('success', 'length(Images[]) > `0`', true),
      error('retry', 'InvalidAMIID.NotFound'),
    ),
    InstanceExists: waiter(
      'DescribeInstances',
      5,
      40,
      path('success', 'length(Reservations[]) > `0`', true),
      NO_INSTANCE,
    ),
    InstanceRunning: waiter(
      'DescribeInstances',
      15,
      40,
      all('success', INSTANCE_STATE, 'running'),
      any('failure', INSTANCE_STATE, 'shutting-down', 'terminated', 'stopping'),
      NO_INSTANCE,
    ),
    InstanceStatusOk: waiter(
      'DescribeInstanceStatus',
      15,
      40,
      all('success', 'InstanceStatuses[].InstanceStatus.Status', 'ok'),
      NO_INSTANCE,
    ),
    InstanceStopped: waiter(
      'DescribeInstances',
      15,
      40,
      all('success', INSTANCE_STATE, 'stopped'),
      any('failure', INSTANCE_STATE, 'pending', 'terminated'),
    ),
    InstanceTerminated: waiter(
      'DescribeInstances',
      15,
      40,
      all('success', INSTANCE_STATE, 'terminated'),
      any('failure', INSTANCE_STATE, 'pending', 'stopping'),
    ),
    InternetGatewayExists: waiter(
      'DescribeInternetGateways',
      5,
      6,
      path('success', 'length(InternetGateways[].InternetGatewayId) > `0`', true),
      error('retry', 'InvalidInternetGateway.NotFound'),
    ),
    KeyPairExists: waiter(
      'DescribeKeyPairs',
      5,
      6,
      path('success', 'length(KeyPairs[].KeyName) > `0`', true),
      error('retry', 'InvalidKeyPair.NotFound'),
    ),
    NatGatewayAvailable: waiter(
      'DescribeNatGateways',
      15,
      40,
      all('success', 'NatGateways[].State', 'available'),
      any('failure', 'NatGateways[].State', 'failed', 'deleting', 'deleted'),
      error('retry', 'NatGatewayNotFound'),
    ),
    NatGatewayDeleted: waiter(
      'DescribeNatGateways',
      15,
      40,
      all('success', 'NatGateways[].State', 'deleted'),
      error('success', 'NatGatewayNotFound'),
    ),
    NetworkInterfaceAvailable: waiter(
      'DescribeNetworkInterfaces',
      20,
      10,
      all('success', 'NetworkInterfaces[].Status', 'available'),
      error('failure', 'InvalidNetworkInterfaceID.NotFound'),
    ),
    SecurityGroupExists: waiter(
      'DescribeSecurityGroups',
      5,
      6,
      path('success', 'length(SecurityGroups[].GroupId) > `0`', true),
      error('retry', 'InvalidGroup.NotFound'),
    ),
    SubnetAvailable: waiter('DescribeSubnets', 15, 40, all('success', 'Subnets[].State', 'available')),
    SystemStatusOk: waiter(
      'DescribeInstanceStatus',
      15,
      40,
      all('success', 'InstanceStatuses[].SystemStatus.Status', 'ok'),
    ),
    VolumeAvailable: waiter(
      'DescribeVolumes',
      15,
      40,
      all('success', 'Volumes[].State', 'available'),
      any('failure', 'Volumes[].State', 'deleted'),
    ),
    VolumeDeleted: waiter(
      'DescribeVolumes',
      15,
      40,
      all('success', 'Volumes[].State', 'deleted'),
      error('success', 'InvalidVolume.NotFound'),
    ),
    VolumeInUse: waiter(
      'DescribeVolumes',
      15,
      40,
      all('success', 'Volumes[].State', 'in-use'),
      any('failure', 'Volumes[].State', 'deleted'),
    ),
    VpcAvailable: waiter('DescribeVpcs', 15, 40, all('success', 'Vpcs[].State', 'available')),
    VpcExists: waiter('DescribeVpcs', 1, 5, status('success', 200), error('retry', 'InvalidVpcID.NotFound')),
    VpcPeeringConnectionDeleted: waiter(
      'DescribeVpcPeeringConnections',
      15,
      40,
      all('success', 'VpcPeeringConnections[].Status.Code', 'deleted'),
      error('success', 'InvalidVpcPeeringConnectionID.NotFound'),
    ),
    VpcPeeringConnectionExists: waiter(
      'DescribeVpcPeeringConnections',
      15,
      40,
      status('success', 200),
      error('retry', 'InvalidVpcPeeringConnectionID.NotFound'),
    ),
  },
  iam: {
    InstanceProfileExists: waiter('GetInstanceProfile', 1, 40, status('success', 200), status('retry', 404)),
    PolicyExists: waiter('GetPolicy', 1, 20, status('success', 200), NO_ENTITY),
    RoleExists: waiter('GetRole', 1, 20, status('success', 200), NO_ENTITY),
    UserExists: waiter('GetUser', 1, 20, status('success', 200), NO_ENTITY),
  },
  ssm: {
    CommandExecuted: waiter(
      'GetCommandInvocation',
      5,
      20,
      path('retry', 'Status', 'Pending', 'InProgress', 'Delayed'),
      path('success', 'Status', 'Success'),
      path('failure', 'Status', 'Cancelled', 'TimedOut', 'Failed', 'Cancelling'),
      error('retry', 'InvocationDoesNotExist'),
    ),
  },
};
