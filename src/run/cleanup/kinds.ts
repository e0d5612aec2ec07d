/** What each kind is called, what deletes it, and what proves that it is gone. */
import { at } from '../substitute.ts';
import type { Call, Kind, Planned } from './types.ts';

export interface KindFacts {
  readonly label: string;
  /** IAM actions that deleting one may need. */
  readonly actions: readonly string[];
  /** Asks AWS for this very one. */
  readonly proof: (resource: Pick<Planned, 'id' | 'name'>) => Call;
  /** Where the answer tells of it, and which values mean that it is gone. */
  readonly gone: { readonly path: string; readonly values: readonly string[] };
}

const kind = (
  label: string,
  actions: readonly string[],
  proof: KindFacts['proof'],
  path: string,
  ...values: readonly string[]
): KindFacts => ({ label, actions, proof, gone: { path, values } });

/** The call that finds it by its id. */
const byIds =
  (call: string, key: string): KindFacts['proof'] =>
  ({ id }) => ({ call, input: { [key]: [id] } });
const byName =
  (call: string, key: string): KindFacts['proof'] =>
  ({ name = '' }) => ({ call, input: { [key]: name } });

export const FACTS: Readonly<Record<Kind, KindFacts>> = {
  'flow-log': kind(
    'flow log',
    ['ec2:DeleteFlowLogs'],
    byIds('ec2:DescribeFlowLogs', 'FlowLogIds'),
    'FlowLogs[0].FlowLogId',
  ),
  instance: kind(
    'instance',
    ['ec2:TerminateInstances'],
    byIds('ec2:DescribeInstances', 'InstanceIds'),
    'Reservations[0].Instances[0].State.Name',
    'terminated',
  ),
  volume: kind(
    'volume',
    ['ec2:DeleteVolume'],
    byIds('ec2:DescribeVolumes', 'VolumeIds'),
    'Volumes[0].State',
    'deleted',
  ),
  'nat-gateway': kind(
    'NAT gateway',
    ['ec2:DeleteNatGateway'],
    byIds('ec2:DescribeNatGateways', 'NatGatewayIds'),
    'NatGateways[0].State',
    'deleted',
  ),
  'elastic-ip': kind(
    'Elastic IP',
    ['ec2:DisassociateAddress', 'ec2:ReleaseAddress'],
    byIds('ec2:DescribeAddresses', 'AllocationIds'),
    'Addresses[0].AllocationId',
  ),
  'peering-connection': kind(
    'peering connection',
    ['ec2:DeleteVpcPeeringConnection'],
    byIds('ec2:DescribeVpcPeeringConnections', 'VpcPeeringConnectionIds'),
    'VpcPeeringConnections[0].Status.Code',
    'deleted',
    'rejected',
    'expired',
    'failed',
  ),
  'vpc-endpoint': kind(
    'VPC endpoint',
    ['ec2:DeleteVpcEndpoints'],
    byIds('ec2:DescribeVpcEndpoints', 'VpcEndpointIds'),
    'VpcEndpoints[0].State',
    'deleted',
    'Deleted',
  ),
  'network-interface': kind(
    'network interface',
    ['ec2:DeleteNetworkInterface'],
    byIds('ec2:DescribeNetworkInterfaces', 'NetworkInterfaceIds'),
    'NetworkInterfaces[0].NetworkInterfaceId',
  ),
  subnet: kind('subnet', ['ec2:DeleteSubnet'], byIds('ec2:DescribeSubnets', 'SubnetIds'), 'Subnets[0].SubnetId'),
  'route-table': kind(
    'route table',
    ['ec2:DisassociateRouteTable', 'ec2:DeleteRouteTable'],
    byIds('ec2:DescribeRouteTables', 'RouteTableIds'),
    'RouteTables[0].RouteTableId',
  ),
  'internet-gateway': kind(
    'internet gateway',
    ['ec2:DetachInternetGateway', 'ec2:DeleteInternetGateway'],
    byIds('ec2:DescribeInternetGateways', 'InternetGatewayIds'),
    'InternetGateways[0].InternetGatewayId',
  ),
  'egress-only-internet-gateway': kind(
    'egress-only internet gateway',
    ['ec2:DeleteEgressOnlyInternetGateway'],
    byIds('ec2:DescribeEgressOnlyInternetGateways', 'EgressOnlyInternetGatewayIds'),
    'EgressOnlyInternetGateways[0].EgressOnlyInternetGatewayId',
  ),
  'security-group': kind(
    'security group',
    ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress', 'ec2:DeleteSecurityGroup'],
    byIds('ec2:DescribeSecurityGroups', 'GroupIds'),
    'SecurityGroups[0].GroupId',
  ),
  'network-acl': kind(
    'network ACL',
    ['ec2:DeleteNetworkAcl'],
    byIds('ec2:DescribeNetworkAcls', 'NetworkAclIds'),
    'NetworkAcls[0].NetworkAclId',
  ),
  vpc: kind('VPC', ['ec2:DeleteVpc'], byIds('ec2:DescribeVpcs', 'VpcIds'), 'Vpcs[0].VpcId'),
  // A prefix finds its longer namesakes, too, and in the order of the names itself first.
  'log-group': kind(
    'log group',
    ['logs:DeleteLogGroup'],
    ({ id }) => ({ call: 'logs:DescribeLogGroups', input: { logGroupNamePrefix: id } }),
    'logGroups[0].logGroupName',
  ),
  'instance-profile': kind(
    'instance profile',
    ['iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'],
    byName('iam:GetInstanceProfile', 'InstanceProfileName'),
    'InstanceProfile.Arn',
  ),
  role: kind(
    'role',
    ['iam:DetachRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'],
    byName('iam:GetRole', 'RoleName'),
    'Role.Arn',
  ),
  policy: kind(
    'policy',
    ['iam:DeletePolicyVersion', 'iam:DeletePolicy'],
    ({ id }) => ({ call: 'iam:GetPolicy', input: { PolicyArn: id } }),
    'Policy.Arn',
  ),
};

/** Read to make the plan, beyond what binding reads. The proofs ask the same or what binding asks. */
const PLAN_READS = [
  'ec2:DescribeInstances',
  'ec2:DescribeVolumes',
  'ec2:DescribeAddresses',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeEgressOnlyInternetGateways',
  'iam:GetInstanceProfile',
  'iam:GetPolicy',
  'iam:GetRole',
  'iam:ListAttachedRolePolicies',
  'iam:ListEntitiesForPolicy',
  'iam:ListInstanceProfilesForRole',
  'iam:ListPolicyVersions',
  'iam:ListRolePolicies',
  'iam:ListRoles',
  'logs:DescribeLogStreams',
];

/** Every IAM action that a cleanup may need: what `labproof policy --for learner` allows. */
export const CLEANUP_ACTIONS: readonly string[] = [
  ...new Set([
    ...PLAN_READS,
    ...Object.values(FACTS).flatMap(({ actions, proof }) => [...actions, proof({ id: '', name: '' }).call]),
  ]),
].sort();

/** Does this answer to the proof say that it is gone? */
export function isGone({ kind: which, id }: Pick<Planned, 'kind' | 'id'>, answer: unknown): boolean {
  const { path, values } = FACTS[which].gone;
  const value = at(path, answer);
  if (which === 'log-group') return value !== id;
  return value === undefined || value === null || values.includes(String(value));
}
