/** Network interfaces that AWS's own services hold in the account's subnets. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';

/** The interface is the account's, but AWS's own service holds it (seen in AWS's answers to DescribeNetworkInterfaces). */
export function lend(
  networkInterface: Ec2.NetworkInterface,
  InterfaceType: 'nat_gateway' | 'vpc_endpoint',
  { now, random }: { readonly now: number; readonly random: () => number },
): Ec2.NetworkInterface {
  return Object.assign(networkInterface, {
    InterfaceType,
    RequesterManaged: true,
    RequesterId: '036872051663',
    Status: 'in-use',
    Attachment: {
      AttachmentId: resourceId(random, 'ela-attach'),
      InstanceOwnerId: 'amazon-aws',
      DeviceIndex: 1,
      NetworkCardIndex: 0,
      DeleteOnTermination: false,
      AttachTime: new Date(now),
      Status: 'attached',
    },
  } as const);
}
