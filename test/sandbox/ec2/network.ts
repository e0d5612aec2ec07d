/** What the tests of networks build first: a VPC with a gateway and two subnets in two zones, and instances in it. */
import type { EC2, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { there } from '../clients.ts';

const image = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

export async function buildNetwork(ec2: EC2, prefix = '10.1') {
  const VpcId = there((await ec2.createVpc({ CidrBlock: `${prefix}.0.0/16` })).Vpc?.VpcId);
  const gatewayId = there((await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ VpcId, InternetGatewayId: gatewayId });
  const [subnetId, otherSubnetId] = await Promise.all(
    ['a', 'b'].map(async (zone, index) => {
      const plan = { VpcId, CidrBlock: `${prefix}.${index}.0/24`, AvailabilityZone: `us-east-1${zone}` };
      return there((await ec2.createSubnet(plan)).Subnet?.SubnetId);
    }),
  );
  const tableId = there((await ec2.createRouteTable({ VpcId })).RouteTable?.RouteTableId);
  return { vpcId: VpcId, gatewayId, subnetId: there(subnetId), otherSubnetId: there(otherSubnetId), tableId };
}

export type Network = Awaited<ReturnType<typeof buildNetwork>>;

export async function launch(ec2: EC2, more: Partial<RunInstancesRequest>): Promise<string> {
  const { Instances } = await ec2.runInstances({
    ImageId: image,
    InstanceType: 't3.small',
    MinCount: 1,
    MaxCount: 1,
    ...more,
  });
  return there(Instances?.[0]?.InstanceId);
}

export async function instanceOf(ec2: EC2, id: string) {
  const { Reservations } = await ec2.describeInstances({ InstanceIds: [id] });
  return there(Reservations?.[0]?.Instances?.[0]);
}

export async function interfaceOf(ec2: EC2, id: string) {
  const { NetworkInterfaces } = await ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [id] });
  return there(NetworkInterfaces?.[0]);
}
