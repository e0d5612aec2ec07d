/** What was done to the account before it is looked at. */
import { type Story, trial } from './scene.ts';

const document = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** Solved, with all that has calls of its own to read: a prefix list, a policy in the role itself, a boundary. */
export const solved: Story = {
  change: [],
  calls: [
    {
      call: 'ec2:CreateManagedPrefixList',
      why: 'A list of addresses',
      input: { PrefixListName: 'own', AddressFamily: 'IPv4', MaxEntries: 1, Entries: [{ Cidr: '10.9.0.0/16' }] },
    },
    {
      call: 'iam:PutRolePolicy',
      why: 'A policy in the role itself',
      input: {
        RoleName: 'NextWorkVPCFlowLogsRole',
        PolicyName: 'own',
        PolicyDocument: document('s3:*', '*'),
      },
    },
  ],
};

/**
 * The private ping was answered, then not, as a route was gone for a minute. The route is back, and nobody can tell whether
 * the ping is: instance 1 is not managed any more.
 */
export const brokenMeanwhile: Story = {
  change: [],
  calls: [
    {
      call: 'ec2:DescribeInstances',
      why: "Instance 2's address",
      input: { InstanceIds: ['${instance2}'] },
      save: { private2: 'Reservations[0].Instances[0].PrivateIpAddress' },
    },
    {
      call: 'ec2:DeleteRoute',
      why: 'The way back goes',
      input: { RouteTableId: '${routeTable2}', DestinationCidrBlock: '10.1.0.0/16' },
    },
    {
      call: 'ssm:SendCommand',
      why: 'A ping that is not answered',
      input: {
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: ['${instance1}'],
        Parameters: { commands: ['ping -c 5 -W 2 ${private2}'] },
      },
    },
    { wait: 30 },
    {
      call: 'ec2:CreateRoute',
      why: 'The way back is there again',
      input: {
        RouteTableId: '${routeTable2}',
        DestinationCidrBlock: '10.1.0.0/16',
        VpcPeeringConnectionId: '${peering}',
      },
    },
    {
      call: 'ec2:DescribeIamInstanceProfileAssociations',
      why: "Instance 1's profile",
      input: { Filters: [{ Name: 'instance-id', Values: ['${instance1}'] }] },
      save: { association: 'IamInstanceProfileAssociations[0].AssociationId' },
    },
    {
      call: 'ec2:DisassociateIamInstanceProfile',
      why: 'It goes',
      input: { AssociationId: '${association}' },
    },
    { wait: 60 },
  ],
};

/** Mistakes in several steps, each of which is told beside the others. */
export const manyMistakes: Story = {
  through: 'peering',
  change: trial('icmp-not-allowed').change,
  calls: [...trial('trust-for-ec2').calls, ...trial('route-there-missing').calls],
};
