/** Network interfaces as resources of their own. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { list, requireInterface, requireSubnet } from './common.ts';
import { groupsFor } from './interface-groups.ts';
import { makeInterface, removeInterface } from './interfaces.ts';
import { chooseAddresses } from './subnet-addresses.ts';
import { tagsFor } from './tag-rules.ts';

const CreateNetworkInterface: Operation<Ec2.CreateNetworkInterfaceRequest, Ec2.CreateNetworkInterfaceResult> = (
  request,
  input,
) => {
  const { region, regionName, random } = request;
  const subnet = requireSubnet(request, input.SubnetId);
  const groups = groupsFor(request, input.Groups ?? [], subnet);
  const tags = tagsFor(input.TagSpecifications, 'network-interface');
  const addresses = chooseAddresses(region.ec2, subnet, input, random);
  const description = input.Description ?? '';
  const plan = { subnet, groups, addresses, description, tags, regionName, random };
  return { NetworkInterface: makeInterface(region.ec2, plan) };
};

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

const DescribeNetworkInterfaces: Operation<
  Ec2.DescribeNetworkInterfacesRequest,
  Ec2.DescribeNetworkInterfacesResult
> = ({ region }, input) => {
  const tagged = region.ec2.networkInterfaces.map((each) => ({ ...each, Tags: each.TagSet }));
  const { items, ...rest } = list(tagged, input, {
    ids: input.NetworkInterfaceIds,
    idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
    prefix: 'eni',
    filters: {
      'addresses.private-ip-address': ({ PrivateIpAddresses }) =>
        (PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
      'association.allocation-id': ({ Association }) => Association?.AllocationId,
      'association.public-ip': ({ Association }) => Association?.PublicIp,
      'attachment.attachment-id': ({ Attachment }) => Attachment?.AttachmentId,
      'attachment.instance-id': ({ Attachment }) => Attachment?.InstanceId,
      'attachment.status': ({ Attachment }) => Attachment?.Status,
      'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
      description: ({ Description }) => Description,
      'group-id': ({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId),
      'group-name': ({ Groups }) => (Groups ?? []).map(({ GroupName }) => GroupName),
      'interface-type': ({ InterfaceType }) => InterfaceType,
      'mac-address': ({ MacAddress }) => MacAddress,
      'owner-id': ({ OwnerId }) => OwnerId,
      'requester-managed': ({ RequesterManaged }) => RequesterManaged,
      'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
      'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
      status: ({ Status }) => Status,
      'subnet-id': ({ SubnetId }) => SubnetId,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { NetworkInterfaces: items, ...rest };
};

export const networkInterfaceOperations: Operations = {
  CreateNetworkInterface,
  DeleteNetworkInterface,
  DescribeNetworkInterfaces,
};
