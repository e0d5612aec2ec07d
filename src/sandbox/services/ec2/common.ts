/** What EC2's operations share: finding by id, filters, pages, tags. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { literal, matches } from '../../../model/iam/glob.ts';
import { page } from '../../page.ts';
import { AwsError, type Request } from '../../service.ts';
import { findById } from './by-id.ts';

/** The error code and the word that AWS uses for a resource that is not there (EC2 API, "Error codes"). */
const NOT_FOUND: Readonly<Record<string, readonly [code: string, word: string]>> = {
  vpc: ['InvalidVpcID.NotFound', 'vpc ID'],
  subnet: ['InvalidSubnetID.NotFound', 'subnet ID'],
  rtb: ['InvalidRouteTableID.NotFound', 'routeTable ID'],
  rtbassoc: ['InvalidAssociationID.NotFound', 'association ID'],
  igw: ['InvalidInternetGatewayID.NotFound', 'internetGateway ID'],
  acl: ['InvalidNetworkAclID.NotFound', 'networkAcl ID'],
  aclassoc: ['InvalidAssociationID.NotFound', 'association ID'],
  sg: ['InvalidGroup.NotFound', 'security group'],
  sgr: ['InvalidSecurityGroupRuleId.NotFound', 'security group rule ID'],
  eni: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
  'eni-attach': ['InvalidAttachmentID.NotFound', 'attachment ID'],
  i: ['InvalidInstanceID.NotFound', 'instance ID'],
  pcx: ['InvalidVpcPeeringConnectionID.NotFound', 'vpcPeeringConnection ID'],
  fl: ['InvalidFlowLogId.NotFound', 'flow log ID'],
  eipalloc: ['InvalidAllocationID.NotFound', 'allocation ID'],
  ami: ['InvalidAMIID.NotFound', 'image id'],
  'iip-assoc': ['InvalidAssociationID.NotFound', 'association ID'],
  vol: ['InvalidVolume.NotFound', 'volume'],
  nat: ['NatGatewayNotFound', 'natGateway ID'],
  pl: ['InvalidPrefixListID.NotFound', 'prefix list ID'],
  dopt: ['InvalidDhcpOptionID.NotFound', 'dhcpOption ID'],
  eigw: ['InvalidGatewayID.NotFound', 'eigw ID'],
  vpce: ['InvalidVpcEndpointId.NotFound', 'Vpc Endpoint Id'],
  'subnet-cidr-assoc': ['InvalidSubnetCidrBlockAssociationID.NotFound', 'subnet CIDR association ID'],
  'vpc-cidr-assoc': ['InvalidVpcCidrBlockAssociationID.NotFound', 'vpc CIDR block association ID'],
  'ipam-pool': ['InvalidIpamPoolId.NotFound', 'ipam-pool ID'],
};

/** A name in an id's place (EC2 API, "Error codes"): these kinds look at the id's form before they look for it. */
const MALFORMED: Readonly<Record<string, readonly [code: string, form: RegExp]>> = {
  i: ['InvalidInstanceID.Malformed', /^i-([\da-f]{8}|[\da-f]{17})$/],
  sg: ['InvalidGroupId.Malformed', /^sg-/],
};

export function notFound(prefix: string, ...ids: readonly string[]): AwsError {
  const [code, word] = NOT_FOUND[prefix] ?? ['InvalidParameterValue', 'ID'];
  // It has words of its own (seen in AWS's answers).
  if (prefix === 'nat') return new AwsError(code, `The Nat Gateway ${ids.join(', ')} was not found`);
  const what = ids.length === 1 ? `${word} '${ids[0]}' does` : `${word}s '${ids.join(', ')}' do`;
  return new AwsError(code, `The ${what} not exist`);
}

/** Where it is only known by the id itself what was meant. */
export function notFoundAny(id: string): AwsError {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return Object.hasOwn(NOT_FOUND, prefix) && /-([\da-f]{8}|[\da-f]{17})$/.test(id)
    ? notFound(prefix, id)
    : new AwsError('InvalidID', `The ID '${id}' is not valid`);
}

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
}

/** The resource with this id. @throws AwsError as AWS names it for that kind. */
export function requireOne<T>(
  all: readonly T[],
  idOf: (item: T) => string | undefined,
  id: string | undefined,
  prefix: string,
): T {
  if (id === undefined) {
    const [, word = ''] = NOT_FOUND[prefix] ?? [];
    throw missingParameter(word === 'security group' ? 'groupId' : word.replace(/ id$/i, 'Id'));
  }
  const found = findById(all, idOf, id);
  if (found) return found;
  throw missingOne(id, prefix);
}

function missingOne(id: string, prefix: string): AwsError {
  const [code, form] = MALFORMED[prefix] ?? [];
  if (code === undefined || form?.test(id)) return notFound(prefix, id);
  const expected = id.startsWith(`${prefix}-`) ? '' : ` (expecting "${prefix}-...")`;
  return new AwsError(code, `Invalid id: "${id}"${expected}`);
}

export const requireVpc = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.vpcs, (vpc) => vpc.VpcId, id, 'vpc');
export const requireSubnet = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.subnets, (subnet) => subnet.SubnetId, id, 'subnet');
export const requireRouteTable = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.routeTables, (table) => table.RouteTableId, id, 'rtb');
export const requireGateway = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.internetGateways, (gateway) => gateway.InternetGatewayId, id, 'igw');
export const requireInterface = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.networkInterfaces, (each) => each.NetworkInterfaceId, id, 'eni');
export const requireInstance = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.instances, (instance) => instance.InstanceId, id, 'i');
export const requireNatGateway = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.natGateways, (gateway) => gateway.NatGatewayId, id, 'nat');
export const requirePrefixList = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.prefixLists, (each) => each.PrefixListId, id, 'pl');
export const requireAcl = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.networkAcls, (acl) => acl.NetworkAclId, id, 'acl');
export const requireEgressOnlyGateway = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.egressOnlyInternetGateways, (each) => each.EgressOnlyInternetGatewayId, id, 'eigw');
export const requireEndpoint = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.vpcEndpoints, (endpoint) => endpoint.VpcEndpointId, id, 'vpce');
export const requirePeering = ({ region }: Request, id: string | undefined) =>
  requireOne(region.ec2.peeringConnections, (peering) => peering.VpcPeeringConnectionId, id, 'pcx');

type Text = string | number | boolean | undefined;
/** What a filter's values are compared with, by the filter's name. */
export type FilterValues<T> = Readonly<Record<string, (item: T) => Text | readonly Text[]>>;

export interface ListInput {
  readonly Filters?: readonly Ec2.Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

interface Listing<T> {
  readonly ids?: readonly string[] | undefined;
  readonly idOf: (item: T) => string | undefined;
  /** The id's prefix, which tells the error for an id that is not there. */
  readonly prefix: string;
  readonly filters: FilterValues<T>;
  readonly bounds?: Bounds;
}

/** Of MaxResults (EC2 API Reference, each action). */
interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/**
 * One page of a describe call: ids, filters, MaxResults and NextToken as all EC2 describe calls know them. Filter values
 * may hold `*` and `?`; several values of one filter are alternatives, several filters must all fit.
 */
export function list<T extends { Tags?: Ec2.Tag[] | undefined }>(
  all: readonly T[],
  input: ListInput,
  listing: Listing<T>,
) {
  const { ids, filters, bounds } = listing;
  const chosen = ids && ids.length > 0 ? chosenOf(all, ids, listing) : all;
  for (const { Name = '' } of input.Filters ?? [])
    if (!Name.startsWith('tag:') && !['tag-key', 'tag-value'].includes(Name) && !Object.hasOwn(filters, Name))
      throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  const fitting = chosen.filter((item) => (input.Filters ?? []).every((filter) => fits(item, filter, filters)));
  return pageOf(fitting, input, bounds);
}

/** @throws AwsError that names all ids that are not there. */
function chosenOf<T>(all: readonly T[], ids: readonly string[], { idOf, prefix }: Listing<T>): readonly T[] {
  const wanted = new Set(ids);
  if (wanted.size === 1) return [requireOne(all, idOf, ids[0], prefix)];
  const chosen = all.filter((item) => wanted.has(idOf(item) ?? ''));
  if (chosen.length === wanted.size) return chosen;
  const found = new Set(chosen.map(idOf));
  const [first = '', ...others] = [...wanted].filter((id) => !found.has(id));
  if (others.length > 0) throw notFound(prefix, first, ...others);
  throw missingOne(first, prefix);
}

/** One page by MaxResults and NextToken; everything where no MaxResults is given. */
export function pageOf<T>(
  all: readonly T[],
  { MaxResults, NextToken }: ListInput,
  { least = 5, most = 1000 }: Bounds = {},
) {
  if (MaxResults !== undefined && (MaxResults < least || MaxResults > most))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between ${least} and ${most}.`,
    );
  const refusal = new AwsError('InvalidNextToken', `The token '${NextToken}' is invalid`);
  const { items, nextToken } = page(all, MaxResults ?? Number.MAX_SAFE_INTEGER, NextToken, refusal);
  return { items, ...(nextToken !== undefined && { NextToken: nextToken }) };
}

function fits<T extends { Tags?: Ec2.Tag[] | undefined }>(
  item: T,
  { Name = '', Values = [] }: Ec2.Filter,
  filters: FilterValues<T>,
): boolean {
  const found = valuesOf(item, Name, filters);
  const texts = (Array.isArray(found) ? found : [found]).filter((value) => value !== undefined).map(String);
  return Values.map(unescaped).some((pattern) => texts.some((text) => matches(pattern, text)));
}

/** A backslash takes the next character to the letter (EC2 User Guide, "Filter your resources", Wildcards). */
function unescaped(pattern: string): string {
  return pattern.replace(/\\(.)/gs, (_both, character: string) => literal(character));
}

function valuesOf<T extends { Tags?: Ec2.Tag[] | undefined }>(item: T, name: string, filters: FilterValues<T>) {
  const tags = item.Tags ?? [];
  if (name.startsWith('tag:')) return tags.filter(({ Key }) => `tag:${Key}` === name).map(({ Value }) => Value);
  if (name === 'tag-key') return tags.map(({ Key }) => Key);
  if (name === 'tag-value') return tags.map(({ Value }) => Value);
  return filters[name]?.(item);
}

export function dependencyViolation(what: string): AwsError {
  return new AwsError('DependencyViolation', `${what} has dependencies and cannot be deleted.`);
}

export function invalidValue(parameter: string, value: string, why = ''): AwsError {
  return new AwsError('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${why}`.trim());
}

/**
 * The one attribute that a Modify…Attribute call names (EC2 API Reference: "You can specify only one attribute at a time").
 * @throws AwsError where it names none or several.
 */
export function oneAttribute<N extends string>(names: readonly N[], input: { readonly [Name in N]?: unknown }): N {
  const [name, ...others] = names.filter((each) => input[each] !== undefined);
  if (name === undefined) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  if (others.length > 0)
    throw new AwsError(
      'InvalidParameterCombination',
      `Fields for multiple attribute types specified: ${[name, ...others].join(', ')}`,
    );
  return name;
}

/** The shape of every "it worked" answer. */
export const done = { Return: true };
