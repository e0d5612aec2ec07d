/** EC2's actions and resources (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"). */
import type { RequestContext } from '../../model/iam/condition.ts';
import type { Request } from '../service.ts';
import { imageParameter } from '../services/ec2/images.ts';
import { tagsOfResource } from '../services/ec2/tags.ts';
import { tagKeys } from './context.ts';
import { type Demand, type Input, members, requestTags, tagsIn, text, texts } from './demands.ts';
import { launchDemands } from './demands-launch.ts';
import { parameterArn } from './demands-ssm.ts';

/** By an id's prefix. */
const TYPES: Readonly<Record<string, string>> = {
  vpc: 'vpc',
  subnet: 'subnet',
  rtb: 'route-table',
  igw: 'internet-gateway',
  eigw: 'egress-only-internet-gateway',
  nat: 'natgateway',
  acl: 'network-acl',
  sg: 'security-group',
  sgr: 'security-group-rule',
  eni: 'network-interface',
  i: 'instance',
  pcx: 'vpc-peering-connection',
  fl: 'vpc-flow-log',
  eipalloc: 'elastic-ip',
  pl: 'prefix-list',
  dopt: 'dhcp-options',
  vpce: 'vpc-endpoint',
  key: 'key-pair',
  vol: 'volume',
  ami: 'image',
};

/** What an operation makes: it is allowed on `TYPE/*`. */
const MAKES: Readonly<Record<string, string>> = {
  AllocateAddress: 'elastic-ip',
  CreateDefaultSubnet: 'subnet',
  CreateDefaultVpc: 'vpc',
  CreateDhcpOptions: 'dhcp-options',
  CreateEgressOnlyInternetGateway: 'egress-only-internet-gateway',
  CreateFlowLogs: 'vpc-flow-log',
  CreateInternetGateway: 'internet-gateway',
  CreateKeyPair: 'key-pair',
  CreateManagedPrefixList: 'prefix-list',
  CreateNatGateway: 'natgateway',
  CreateNetworkAcl: 'network-acl',
  CreateNetworkInterface: 'network-interface',
  CreateRouteTable: 'route-table',
  CreateSecurityGroup: 'security-group',
  CreateSubnet: 'subnet',
  CreateVpc: 'vpc',
  CreateVpcEndpoint: 'vpc-endpoint',
  CreateVpcPeeringConnection: 'vpc-peering-connection',
  ImportKeyPair: 'key-pair',
};

/** Where not every id in the input is a resource that is asked for. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  CreateRoute: ['RouteTableId'],
  ReplaceRoute: ['RouteTableId'],
  CreateVpcPeeringConnection: ['VpcId'],
};

/** Operations that name what they change by an association: they are asked on all of that type. */
const BY_ASSOCIATION: Readonly<Record<string, string>> = {
  DisassociateRouteTable: 'route-table',
  ReplaceRouteTableAssociation: 'route-table',
  ReplaceNetworkAclAssociation: 'network-acl',
  DisassociateAddress: 'elastic-ip',
  DisassociateVpcCidrBlock: 'vpc',
  DisassociateSubnetCidrBlock: 'subnet',
  DisassociateIamInstanceProfile: 'instance',
  ReplaceIamInstanceProfileAssociation: 'instance',
};

/** Who a role is handed to by an operation. */
const PASSED_TO: Readonly<Record<string, string>> = {
  RunInstances: 'ec2.amazonaws.com',
  AssociateIamInstanceProfile: 'ec2.amazonaws.com',
  ReplaceIamInstanceProfileAssociation: 'ec2.amazonaws.com',
  CreateFlowLogs: 'vpc-flow-logs.amazonaws.com',
};

/** Reads know no resources but for these. */
const READS = /^(Describe|Get|Search|List)/;
const READS_ONE = /^(GetConsoleOutput|GetPasswordData|GetManagedPrefixList|DescribeInstanceAttribute)/;

export function ec2Demands(operation: string, input: Input, request: Request): readonly Demand[] {
  const action = `ec2:${operation}`;
  if (READS.test(operation) && !READS_ONE.test(operation)) return [{ action, resource: '*', context: place(request) }];
  const made = MAKES[operation] ?? BY_ASSOCIATION[operation];
  const fresh = made === undefined ? [] : [`${made}/${keyName(operation, input)}`];
  const resources =
    operation === 'RunInstances'
      ? launchDemands(input, request)
      : [...fresh, ...idsIn(operation, input), ...acceptingVpc(operation, input, request)];
  const asked = resources.length > 0 ? resources : ['*'];
  const tags = taggedOnCreation(input);
  const demands = asked.map((resource) => ({
    action,
    resource: resource === '*' ? '*' : arnOf(request, resource),
    context: { ...contextOf(resource, input, request), ...requestTags(tagsFor(resource, operation, input, tags)) },
  }));
  const tagging = Object.entries(tags).map(([type, given]) => ({
    action: 'ec2:CreateTags',
    resource: arnOf(request, `${type}/*`),
    context: { ...place(request), 'ec2:CreateAction': operation, ...requestTags(given) },
  }));
  return [...demands, ...tagging, ...passedRoles(operation, input, request), ...lookedUp(operation, input, request)];
}

/** A peering connection is accepted on both: itself, and the VPC that was asked. */
function acceptingVpc(
  operation: string,
  { VpcPeeringConnectionId: id }: Input,
  { region }: Request,
): readonly string[] {
  if (operation !== 'AcceptVpcPeeringConnection') return [];
  const peering = region.ec2.peeringConnections.find((each) => each.VpcPeeringConnectionId === id);
  return texts(peering?.AccepterVpcInfo?.VpcId).flatMap(pathOf);
}

/** Who names an image by a parameter has it looked up with their own permissions (Systems Manager User Guide, "Native parameter support for AMI IDs"). */
function lookedUp(operation: string, { ImageId }: Input, request: Request): readonly Demand[] {
  const name = operation === 'RunInstances' ? imageParameter(text(ImageId) ?? '') : undefined;
  return name === undefined ? [] : [{ action: 'ssm:GetParameters', resource: parameterArn(request, name) }];
}

function place({ regionName }: Request): RequestContext {
  return { 'ec2:Region': regionName };
}

function keyName(operation: string, { KeyName }: Input): string {
  return operation.endsWith('KeyPair') ? (text(KeyName) ?? '*') : '*';
}

/** `TYPE/ID` of every id at the top of the input. */
function idsIn(operation: string, input: Input): readonly string[] {
  const names = ONLY[operation] ?? Object.keys(input);
  const ids = names.flatMap((name) => texts(input[name])).flatMap(pathOf);
  return operation === 'DeleteKeyPair' && ids.length === 0 ? [`key-pair/${text(input.KeyName) ?? '*'}`] : ids;
}

export function pathOf(id: string): readonly string[] {
  const type = /^[a-z]+-[0-9a-f]+$/.test(id) ? TYPES[id.slice(0, id.indexOf('-'))] : undefined;
  return type === undefined ? [] : [`${type}/${id}`];
}

/** Images belong to no account here (their ARN has none). */
function arnOf({ regionName, account }: Request, path: string): string {
  return `arn:aws:ec2:${regionName}:${path.startsWith('image/') ? '' : account.id}:${path}`;
}

function contextOf(path: string, input: Input, request: Request): RequestContext {
  const id = path.slice(path.indexOf('/') + 1);
  const tags = Object.fromEntries(tagsOfResource(request, id).map(({ Key = '', Value = '' }) => [Key, Value]));
  const { ec2 } = request.region;
  const vpc =
    ec2.subnets.find(({ SubnetId }) => SubnetId === id)?.VpcId ??
    ec2.securityGroups.find(({ GroupId }) => GroupId === id)?.VpcId ??
    ec2.routeTables.find(({ RouteTableId }) => RouteTableId === id)?.VpcId ??
    ec2.networkInterfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === id)?.VpcId;
  const instance = ec2.instances.find(({ InstanceId }) => InstanceId === id);
  const instanceType = path === 'instance/*' ? text(input.InstanceType) : instance?.InstanceType;
  return {
    ...place(request),
    'aws:ResourceAccount': request.account.id,
    ...tagKeys('aws:ResourceTag', tags),
    ...tagKeys('ec2:ResourceTag', tags),
    ...(vpc !== undefined && { 'ec2:Vpc': arnOf(request, `vpc/${vpc}`) }),
    ...(instanceType !== undefined && { 'ec2:InstanceType': instanceType }),
  };
}

/** By type of resource, the tags that it is made with. */
function taggedOnCreation({ TagSpecifications }: Input): Readonly<Record<string, Record<string, string>>> {
  const given: unknown[] = Array.isArray(TagSpecifications) ? TagSpecifications : [];
  const pairs = given.map(members).flatMap(({ ResourceType, Tags }): [string, Record<string, string>][] => {
    const type = text(ResourceType);
    return type === undefined ? [] : [[type, tagsIn(Tags)]];
  });
  return Object.fromEntries(pairs);
}

function tagsFor(
  path: string,
  operation: string,
  input: Input,
  made: Readonly<Record<string, Record<string, string>>>,
) {
  if (operation === 'CreateTags' || operation === 'DeleteTags') return tagsIn(input.Tags);
  return made[path.slice(0, path.indexOf('/'))] ?? {};
}

function passedRoles(operation: string, input: Input, { account }: Request): readonly Demand[] {
  const service = PASSED_TO[operation];
  if (service === undefined) return [];
  const { Name, Arn } = members(input.IamInstanceProfile);
  const profile = account.iam.instanceProfiles.find(
    (each) => each.name === text(Name) || (each.arn === text(Arn) && text(Arn) !== undefined),
  );
  const roles = account.iam.roles.filter(({ name }) => profile?.roleNames.includes(name)).map(({ arn }) => arn);
  return [...roles, ...texts(input.DeliverLogsPermissionArn)].map((resource) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': service },
  }));
}
