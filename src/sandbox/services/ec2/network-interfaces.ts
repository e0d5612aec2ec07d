/** Network interfaces as resources of their own. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { once } from './client-tokens.ts';
import { type FilterValues, list, requireInterface, requireSubnet } from './common.ts';
import { groupsFor } from './interface-groups.ts';
import { chooseIpv6, ipv6Shapes, ipv6Wish } from './interface-ipv6.ts';
import { makeInterface, removeInterface } from './interfaces.ts';
import { chooseAddresses } from './subnet-addresses.ts';
import { tagsFor } from './tag-rules.ts';

const CreateNetworkInterface: Operation<Ec2.CreateNetworkInterfaceRequest, Ec2.CreateNetworkInterfaceResult> = (
  request,
  input,
) =>
  once(
    request,
    'CreateNetworkInterface',
    input,
    () => {
      const made = create(request, input);
      return { output: told(made, input), ids: [made.NetworkInterfaceId ?? ''] };
    },
    ([id]) => {
      const known = request.region.ec2.networkInterfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === id);
      return known && told(known, input);
    },
  );

function told(NetworkInterface: Ec2.NetworkInterface, { ClientToken }: Ec2.CreateNetworkInterfaceRequest) {
  return { NetworkInterface, ...(ClientToken !== undefined && { ClientToken }) };
}

function create(request: Request, input: Ec2.CreateNetworkInterfaceRequest): Ec2.NetworkInterface {
  const { region, regionName, random } = request;
  const subnet = requireSubnet(request, input.SubnetId);
  if (input.InterfaceType !== undefined && String(input.InterfaceType) !== 'interface')
    throw new AwsError('UnsupportedOperation', `The sandbox makes no interfaces of type '${input.InterfaceType}'.`);
  const groups = groupsFor(request, input.Groups ?? [], subnet);
  const tags = tagsFor(input.TagSpecifications, 'network-interface');
  const addresses = chooseAddresses(region.ec2, subnet, input, random);
  const ipv6 = chooseIpv6(request, subnet, ipv6Wish(input, subnet));
  const description = input.Description ?? '';
  const made = makeInterface(region.ec2, { subnet, groups, addresses, description, tags, regionName, random });
  made.Ipv6Addresses = ipv6Shapes(ipv6);
  return made;
}

const DeleteNetworkInterface: Operation<Ec2.DeleteNetworkInterfaceRequest, object> = (request, input) => {
  const networkInterface = requireInterface(request, input.NetworkInterfaceId);
  if (networkInterface.Status !== 'available')
    throw new AwsError(
      'InvalidParameterValue',
      `Network interface '${networkInterface.NetworkInterfaceId}' is currently in use.`,
    );
  removeInterface(request.region.ec2, networkInterface);
  return {};
};

type Filters = FilterValues<Ec2.NetworkInterface & { Tags?: Ec2.Tag[] | undefined }>;

const ofAddresses =
  (value: (own: Ec2.NetworkInterfacePrivateIpAddress) => string | boolean | undefined) =>
  ({ PrivateIpAddresses = [] }: Ec2.NetworkInterface) =>
    PrivateIpAddresses.map(value);

const filters: Filters = {
  'addresses.association.allocation-id': ofAddresses(({ Association }) => Association?.AllocationId),
  'addresses.association.association-id': ofAddresses(({ Association }) => Association?.AssociationId),
  'addresses.association.owner-id': ofAddresses(({ Association }) => Association?.IpOwnerId),
  'addresses.association.public-ip': ofAddresses(({ Association }) => Association?.PublicIp),
  'addresses.primary': ofAddresses(({ Primary }) => Primary),
  'addresses.private-ip-address': ofAddresses(({ PrivateIpAddress }) => PrivateIpAddress),
  'association.allocation-id': ({ Association }) => Association?.AllocationId,
  'association.association-id': ({ Association }) => Association?.AssociationId,
  'association.ip-owner-id': ({ Association }) => Association?.IpOwnerId,
  'association.public-dns-name': ({ Association }) => Association?.PublicDnsName,
  'association.public-ip': ({ Association }) => Association?.PublicIp,
  'attachment.attach-time': ({ Attachment }) => Attachment?.AttachTime?.toISOString(),
  'attachment.attachment-id': ({ Attachment }) => Attachment?.AttachmentId,
  'attachment.delete-on-termination': ({ Attachment }) => Attachment?.DeleteOnTermination,
  'attachment.device-index': ({ Attachment }) => Attachment?.DeviceIndex,
  'attachment.instance-id': ({ Attachment }) => Attachment?.InstanceId,
  'attachment.instance-owner-id': ({ Attachment }) => Attachment?.InstanceOwnerId,
  'attachment.status': ({ Attachment }) => Attachment?.Status,
  'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
  description: ({ Description }) => Description,
  'group-id': ({ Groups = [] }) => Groups.map(({ GroupId }) => GroupId),
  'group-name': ({ Groups = [] }) => Groups.map(({ GroupName }) => GroupName),
  'interface-type': ({ InterfaceType }) => InterfaceType,
  'ipv6-addresses.ipv6-address': ({ Ipv6Addresses = [] }) => Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address),
  'mac-address': ({ MacAddress }) => MacAddress,
  'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
  'owner-id': ({ OwnerId }) => OwnerId,
  'private-dns-name': ({ PrivateDnsName }) => PrivateDnsName,
  'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
  'requester-id': ({ RequesterId }) => RequesterId,
  'requester-managed': ({ RequesterManaged }) => RequesterManaged,
  'source-dest-check': ({ SourceDestCheck }) => SourceDestCheck,
  status: ({ Status }) => Status,
  'subnet-id': ({ SubnetId }) => SubnetId,
  'vpc-id': ({ VpcId }) => VpcId,
};

const DescribeNetworkInterfaces: Operation<
  Ec2.DescribeNetworkInterfacesRequest,
  Ec2.DescribeNetworkInterfacesResult
> = ({ region }, input) => {
  if (input.NetworkInterfaceIds?.length && input.MaxResults !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter networkInterfaceIdSet cannot be used with the parameter maxResults',
    );
  const tagged = region.ec2.networkInterfaces.map((each) => ({ ...each, Tags: each.TagSet }));
  const { items, ...rest } = list(tagged, input, {
    ids: input.NetworkInterfaceIds,
    idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
    prefix: 'eni',
    filters,
  });
  return { NetworkInterfaces: items, ...rest };
};

export const networkInterfaceOperations: Operations = {
  CreateNetworkInterface,
  DeleteNetworkInterface,
  DescribeNetworkInterfaces,
};
