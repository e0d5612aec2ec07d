/** DHCP option sets (VPC User Guide, "DHCP option sets in Amazon VPC"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { dependencyViolation, invalidValue, list, missingParameter, requireOne, requireVpc } from './common.ts';
import { tagsFor } from './tag-rules.ts';

/** What a VPC has that is to have no options at all (EC2 API Reference, AssociateDhcpOptions). */
const NONE = 'default';
const KEYS = [
  'domain-name',
  'domain-name-servers',
  'ntp-servers',
  'netbios-name-servers',
  'netbios-node-type',
  'ipv6-address-preferred-lease-time',
];
const SERVER_LISTS = ['domain-name-servers', 'ntp-servers', 'netbios-name-servers'];
/** EC2 API Reference, CreateDhcpOptions: IP addresses of one option. */
const MOST_SERVERS = 4;

/** What every region has from the start, and each new VPC gets. */
function defaultConfigurations(regionName: string): Ec2.DhcpConfiguration[] {
  const domain = regionName === 'us-east-1' ? 'ec2.internal' : `${regionName}.compute.internal`;
  return [
    { Key: 'domain-name', Values: [{ Value: domain }] },
    { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
  ];
}

/** The id of the region's default set, which is made anew where somebody has deleted it. */
export function defaultDhcpOptions(
  ec2: Ec2State,
  { accountId, regionName, random }: { accountId: string; regionName: string; random: () => number },
): string {
  const DhcpConfigurations = defaultConfigurations(regionName);
  const text = JSON.stringify(DhcpConfigurations);
  const known = ec2.dhcpOptions.find((each) => JSON.stringify(each.DhcpConfigurations) === text);
  if (known?.DhcpOptionsId !== undefined) return known.DhcpOptionsId;
  const DhcpOptionsId = resourceId(random, 'dopt');
  ec2.dhcpOptions.push({ DhcpOptionsId, OwnerId: accountId, DhcpConfigurations, Tags: [] });
  return DhcpOptionsId;
}

function requireOptions({ region }: Request, id: string | undefined): Ec2.DhcpOptions {
  return requireOne(region.ec2.dhcpOptions, ({ DhcpOptionsId }) => DhcpOptionsId, id, 'dopt');
}

const CreateDhcpOptions: Operation<Ec2.CreateDhcpOptionsRequest, Ec2.CreateDhcpOptionsResult> = (
  { region, account, random },
  input,
) => {
  const DhcpConfigurations = (input.DhcpConfigurations ?? []).map(configurationFrom);
  if (DhcpConfigurations.length === 0) throw missingParameter('dhcpConfiguration');
  const options: Ec2.DhcpOptions = {
    DhcpOptionsId: resourceId(random, 'dopt'),
    OwnerId: account.id,
    DhcpConfigurations,
    Tags: tagsFor(input.TagSpecifications, 'dhcp-options'),
  };
  region.ec2.dhcpOptions.push(options);
  return { DhcpOptions: options };
};

function configurationFrom({ Key, Values = [] }: Ec2.NewDhcpConfiguration): Ec2.DhcpConfiguration {
  if (Key === undefined) throw missingParameter('key');
  if (!KEYS.includes(Key)) throw invalidValue('dhcpOption', Key, `It must be one of ${KEYS.join(', ')}.`);
  if (Values.length === 0) throw missingParameter('value');
  if (SERVER_LISTS.includes(Key) && Values.length > MOST_SERVERS)
    throw invalidValue(Key, Values.join(','), `At most ${MOST_SERVERS} servers can be specified.`);
  if (Key === 'netbios-node-type' && !['1', '2', '4', '8'].includes(Values.join()))
    throw invalidValue(Key, Values.join(','), 'It must be 1, 2, 4 or 8.');
  return { Key, Values: Values.map((Value) => ({ Value })) };
}

const DescribeDhcpOptions: Operation<Ec2.DescribeDhcpOptionsRequest, Ec2.DescribeDhcpOptionsResult> = (
  { region },
  input,
) => {
  const configurations = ({ DhcpConfigurations }: Ec2.DhcpOptions) => DhcpConfigurations ?? [];
  const { items, ...rest } = list(region.ec2.dhcpOptions, input, {
    ids: input.DhcpOptionsIds,
    idOf: ({ DhcpOptionsId }) => DhcpOptionsId,
    prefix: 'dopt',
    filters: {
      'dhcp-options-id': ({ DhcpOptionsId }) => DhcpOptionsId,
      key: (options) => configurations(options).map(({ Key }) => Key),
      'owner-id': ({ OwnerId }) => OwnerId,
      value: (options) => configurations(options).flatMap(({ Values }) => (Values ?? []).map(({ Value }) => Value)),
    },
  });
  return { DhcpOptions: items, ...rest };
};

const AssociateDhcpOptions: Operation<Ec2.AssociateDhcpOptionsRequest, object> = (request, input) => {
  if (input.DhcpOptionsId !== NONE) requireOptions(request, input.DhcpOptionsId);
  requireVpc(request, input.VpcId).DhcpOptionsId = input.DhcpOptionsId;
  return {};
};

const DeleteDhcpOptions: Operation<Ec2.DeleteDhcpOptionsRequest, object> = (request, input) => {
  if (input.DhcpOptionsId === NONE)
    throw new AwsError('InvalidParameterValue', `The dhcpOptions '${NONE}' cannot be deleted.`);
  const options = requireOptions(request, input.DhcpOptionsId);
  const { ec2 } = request.region;
  if (ec2.vpcs.some(({ DhcpOptionsId }) => DhcpOptionsId === options.DhcpOptionsId))
    throw dependencyViolation(`The dhcpOptions '${options.DhcpOptionsId}'`);
  ec2.dhcpOptions = ec2.dhcpOptions.filter((each) => each !== options);
  return {};
};

export const dhcpOptionsOperations: Operations = {
  CreateDhcpOptions,
  DescribeDhcpOptions,
  AssociateDhcpOptions,
  DeleteDhcpOptions,
};
