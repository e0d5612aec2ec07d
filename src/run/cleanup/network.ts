/** What the lab's VPCs hold beyond what the slices tell: sizes, attachments, addresses. */
import { z } from 'zod';
import type { Lister } from './list.ts';

const tags = z
  .array(z.object({ Key: z.string().default(''), Value: z.string().default('') }))
  .default([])
  .transform((list) => list.find(({ Key }) => Key === 'Name')?.Value);
const text = z.string().default('');
const optional = z.string().optional();

const instance = z.object({
  InstanceId: text,
  InstanceType: text,
  State: z.object({ Name: text }),
  VpcId: optional,
  LaunchTime: z.date().optional(),
  IamInstanceProfile: z.object({ Arn: text }).optional(),
  BlockDeviceMappings: z
    .array(z.object({ Ebs: z.object({ VolumeId: text, DeleteOnTermination: z.boolean().default(false) }).optional() }))
    .default([]),
  NetworkInterfaces: z
    .array(z.object({ Attachment: z.object({ AttachTime: z.date().optional() }).optional() }))
    .default([]),
  Tags: tags,
});
const volume = z.object({
  VolumeId: text,
  VolumeType: text,
  Size: z.number().default(0),
  State: text,
  Attachments: z.array(z.object({ InstanceId: text })).default([]),
  Tags: tags,
});
const address = z.object({
  AllocationId: optional,
  AssociationId: optional,
  PublicIp: text,
  NetworkInterfaceId: optional,
  Tags: tags,
});
const networkInterface = z.object({
  NetworkInterfaceId: text,
  VpcId: text,
  SubnetId: text,
  Status: text,
  InterfaceType: text,
  Description: text,
  RequesterManaged: z.boolean().default(false),
  Attachment: z.object({ InstanceId: optional, DeleteOnTermination: z.boolean().default(false) }).optional(),
  Association: z.object({ AllocationId: optional, PublicIp: optional }).optional(),
  Groups: z.array(z.object({ GroupId: text })).default([]),
  TagSet: tags,
});
const endpoint = z.object({
  VpcEndpointId: text,
  VpcId: text,
  VpcEndpointType: text,
  ServiceName: text,
  State: text,
  SubnetIds: z.array(z.string()).default([]),
  NetworkInterfaceIds: z.array(z.string()).default([]),
  Tags: tags,
});
const routeTable = z.object({
  RouteTableId: text,
  Associations: z.array(z.object({ RouteTableAssociationId: text, Main: z.boolean().default(false) })).default([]),
});
const egressGateway = z.object({
  EgressOnlyInternetGatewayId: text,
  Attachments: z.array(z.object({ VpcId: text })).default([]),
  Tags: tags,
});

export interface Network {
  readonly instances: readonly z.output<typeof instance>[];
  readonly volumes: readonly z.output<typeof volume>[];
  readonly addresses: readonly z.output<typeof address>[];
  readonly networkInterfaces: readonly z.output<typeof networkInterface>[];
  readonly endpoints: readonly z.output<typeof endpoint>[];
  readonly routeTables: readonly z.output<typeof routeTable>[];
  readonly egressGateways: readonly z.output<typeof egressGateway>[];
}

/** The instances, interfaces, endpoints and tables of these VPCs; volumes, addresses and gateways of the whole Region. */
export async function readNetwork({ list }: Lister, vpcIds: readonly string[]): Promise<Network> {
  const Filters = [{ Name: 'vpc-id', Values: vpcIds }];
  const inVpcs = async <T>(call: string, key: string, item: z.ZodType<T>) =>
    vpcIds.length === 0 ? [] : list(call, { Filters }, key, item);
  const reservation = z.object({ Instances: z.array(instance).default([]) });
  const [reservations, volumes, addresses, networkInterfaces, endpoints, routeTables, egressGateways] =
    await Promise.all([
      inVpcs('ec2:DescribeInstances', 'Reservations', reservation),
      list('ec2:DescribeVolumes', {}, 'Volumes', volume),
      list('ec2:DescribeAddresses', {}, 'Addresses', address),
      inVpcs('ec2:DescribeNetworkInterfaces', 'NetworkInterfaces', networkInterface),
      inVpcs('ec2:DescribeVpcEndpoints', 'VpcEndpoints', endpoint),
      inVpcs('ec2:DescribeRouteTables', 'RouteTables', routeTable),
      vpcIds.length === 0
        ? []
        : list('ec2:DescribeEgressOnlyInternetGateways', {}, 'EgressOnlyInternetGateways', egressGateway),
    ]);
  return {
    instances: reservations.flatMap(({ Instances }) => Instances).filter(({ State }) => State.Name !== 'terminated'),
    volumes,
    addresses,
    networkInterfaces,
    endpoints: endpoints.filter(({ State }) => State.toLowerCase() !== 'deleted'),
    routeTables,
    egressGateways,
  };
}
