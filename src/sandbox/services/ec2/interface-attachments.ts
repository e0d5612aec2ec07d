/** Attaching network interfaces to instances, and detaching them (EC2 User Guide, "Attach a network interface"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { notFound, requireInstance, requireInterface } from './common.ts';
import { refreshInstance } from './instance-view.ts';
import { requireWithinLimits } from './interface-limits.ts';
import { attach, detach, interfacesOf, requireOwn } from './interfaces.ts';

export function requireUnattached(networkInterface: Ec2.NetworkInterface): Ec2.NetworkInterface {
  if (networkInterface.Status !== 'available')
    throw new AwsError('InvalidNetworkInterface.InUse', `Interface: [${networkInterface.NetworkInterfaceId}] in use.`);
  return networkInterface;
}

const AttachNetworkInterface: Operation<Ec2.AttachNetworkInterfaceRequest, Ec2.AttachNetworkInterfaceResult> = (
  request,
  input,
) => {
  const { region, now, random } = request;
  const instance = requireInstance(request, input.InstanceId);
  const networkInterface = requireUnattached(requireInterface(request, input.NetworkInterfaceId));
  const deviceIndex = input.DeviceIndex ?? 0;
  if (!['running', 'stopped'].includes(instance.State?.Name ?? ''))
    throw new AwsError('IncorrectState', `Instance '${instance.InstanceId}' is not 'running' or 'stopped'.`);
  if (networkInterface.AvailabilityZone !== instance.Placement?.AvailabilityZone)
    throw new AwsError(
      'InvalidParameterCombination',
      'You may not attach a network interface to an instance if they are not in the same availability zone',
    );
  const own = interfacesOf(region.ec2, instance);
  if (own.some(({ Attachment }) => Attachment?.DeviceIndex === deviceIndex))
    throw new AwsError(
      'InvalidParameterValue',
      `Instance '${instance.InstanceId}' already has an interface attached at device index '${deviceIndex}'.`,
    );
  requireWithinLimits(
    instance.InstanceType ?? '',
    [...own, networkInterface].map(({ PrivateIpAddresses = [] }) => PrivateIpAddresses.length),
  );
  const to = { instance, deviceIndex, deleteOnTermination: false, at: new Date(now), random };
  const AttachmentId = attach(region.ec2, networkInterface, to);
  refreshInstance(region.ec2, instance);
  return { AttachmentId, NetworkCardIndex: 0 };
};

/** The interface that has this attachment. */
export function requireAttached({ region }: Request, id: string | undefined): Ec2.NetworkInterface {
  const networkInterface = region.ec2.networkInterfaces.find(
    ({ Attachment }) => id !== undefined && Attachment?.AttachmentId === id,
  );
  if (!networkInterface) throw notFound('eni-attach', id ?? '');
  return networkInterface;
}

const DetachNetworkInterface: Operation<Ec2.DetachNetworkInterfaceRequest, object> = (request, input) => {
  const networkInterface = requireOwn(requireAttached(request, input.AttachmentId));
  const { DeviceIndex, InstanceId } = networkInterface.Attachment ?? {};
  if (DeviceIndex === 0)
    throw new AwsError(
      'OperationNotPermitted',
      'The network interface at device index 0 and networkCard index 0 cannot be detached.',
    );
  detach(request.region.ec2, networkInterface);
  refreshInstance(request.region.ec2, requireInstance(request, InstanceId));
  return {};
};

export const interfaceAttachmentOperations: Operations = { AttachNetworkInterface, DetachNetworkInterface };
