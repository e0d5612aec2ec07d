/** Attributes of a network interface, read and changed one at a time (EC2 API Reference, ModifyNetworkInterfaceAttribute). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations } from '../../service.ts';
import { invalidValue, missingParameter, notFound, oneAttribute, requireInterface } from './common.ts';
import { refreshOwner } from './instance-view.ts';
import { groupsFor } from './interface-groups.ts';
import { namesOf, requireOwn } from './interfaces.ts';

const ATTRIBUTES = ['Attachment', 'Description', 'Groups', 'SourceDestCheck'] as const;

const ModifyNetworkInterfaceAttribute: Operation<Ec2.ModifyNetworkInterfaceAttributeRequest, object> = (
  request,
  input,
) => {
  const networkInterface = requireOwn(requireInterface(request, input.NetworkInterfaceId));
  const attribute = oneAttribute(ATTRIBUTES, input);
  switch (attribute) {
    case 'Attachment':
      setDeleteOnTermination(networkInterface, input.Attachment ?? {});
      break;
    case 'Description':
      networkInterface.Description = input.Description?.Value ?? '';
      break;
    case 'Groups':
      networkInterface.Groups = namesOf(groupsFor(request, input.Groups ?? [], networkInterface));
      break;
    case 'SourceDestCheck':
      networkInterface.SourceDestCheck = input.SourceDestCheck?.Value ?? true;
      break;
  }
  refreshOwner(request.region.ec2, networkInterface);
  return {};
};

function setDeleteOnTermination(
  { Attachment }: Ec2.NetworkInterface,
  { AttachmentId, DeleteOnTermination }: Ec2.NetworkInterfaceAttachmentChanges,
): void {
  if (AttachmentId === undefined) throw missingParameter('attachmentId');
  if (DeleteOnTermination === undefined) throw missingParameter('deleteOnTermination');
  if (Attachment?.AttachmentId !== AttachmentId) throw notFound('eni-attach', AttachmentId);
  Attachment.DeleteOnTermination = DeleteOnTermination;
}

const DescribeNetworkInterfaceAttribute: Operation<
  Ec2.DescribeNetworkInterfaceAttributeRequest,
  Ec2.DescribeNetworkInterfaceAttributeResult
> = (request, { NetworkInterfaceId, Attribute }) => {
  const networkInterface = requireInterface(request, NetworkInterfaceId);
  switch (Attribute) {
    case 'attachment':
      return { NetworkInterfaceId, Attachment: networkInterface.Attachment };
    case 'description':
      return { NetworkInterfaceId, Description: { Value: networkInterface.Description } };
    case 'groupSet':
      return { NetworkInterfaceId, Groups: networkInterface.Groups };
    case 'sourceDestCheck':
      return { NetworkInterfaceId, SourceDestCheck: { Value: networkInterface.SourceDestCheck } };
    default:
      throw invalidValue('attribute', Attribute ?? '', 'Unknown attribute.');
  }
};

const ResetNetworkInterfaceAttribute: Operation<Ec2.ResetNetworkInterfaceAttributeRequest, object> = (
  request,
  input,
) => {
  const networkInterface = requireOwn(requireInterface(request, input.NetworkInterfaceId));
  if (input.SourceDestCheck === undefined) throw missingParameter('sourceDestCheck');
  networkInterface.SourceDestCheck = true;
  refreshOwner(request.region.ec2, networkInterface);
  return {};
};

export const interfaceAttributeOperations: Operations = {
  ModifyNetworkInterfaceAttribute,
  DescribeNetworkInterfaceAttribute,
  ResetNetworkInterfaceAttribute,
};
