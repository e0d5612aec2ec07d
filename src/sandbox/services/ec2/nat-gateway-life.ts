/** What becomes of a NAT gateway by the clock (VPC User Guide, "NAT gateway basics"; API Reference, NatGateway). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Ec2State } from '../../world.ts';
import { removeInterface } from './interfaces.ts';
import { bind } from './public-addresses.ts';

const CREATE_MS = 60_000;
const DELETE_MS = 30_000;
/** VPC User Guide, "Work with NAT gateways": deleted and failed ones stay visible for about an hour. */
const ENDED_VISIBLE_MS = 3_600_000;

/** Who made one that failed works by a real clock, and must still be able to see why. */
const FAILED_REAL_MINUTES_VISIBLE = 60;

/** @param realMinuteMs How much time passes here in a real minute. */
export function settleNatGateways(ec2: Ec2State, now: number, realMinuteMs: number): void {
  for (const gateway of ec2.natGateways) settleNatGateway(ec2, gateway, now);
  const deletedMs = Math.max(ENDED_VISIBLE_MS, realMinuteMs);
  const failedMs = Math.max(ENDED_VISIBLE_MS, FAILED_REAL_MINUTES_VISIBLE * realMinuteMs);
  ec2.natGateways = ec2.natGateways.filter(({ State, NatGatewayId = '' }) => {
    const ended = now - (ec2.since[NatGatewayId] ?? now);
    if (State === 'failed') return ended < failedMs;
    return State !== 'deleted' || ended < deletedMs;
  });
}

function settleNatGateway(ec2: Ec2State, gateway: Ec2.NatGateway, now: number): void {
  const id = gateway.NatGatewayId ?? '';
  const since = ec2.since[id] ?? now;
  if (gateway.State === 'pending' && now - since >= CREATE_MS) {
    ec2.since[id] = since + CREATE_MS;
    open(ec2, gateway);
  }
  if (gateway.State === 'deleting' && now - since >= DELETE_MS) {
    ec2.since[id] = since + DELETE_MS;
    gateway.State = 'deleted';
    removeInterfaceOf(ec2, gateway);
  }
}

/** A public one takes its Elastic IP address into use now, or fails. */
function open(ec2: Ec2State, gateway: Ec2.NatGateway): void {
  const failure = gateway.ConnectivityType === 'public' ? takeAddress(ec2, gateway) : undefined;
  gateway.State = failure ? 'failed' : 'available';
  if (!failure) return;
  [gateway.FailureCode, gateway.FailureMessage] = failure;
  removeInterfaceOf(ec2, gateway);
}

/** @returns Why it failed: code and message, in AWS's words. */
function takeAddress(ec2: Ec2State, gateway: Ec2.NatGateway): readonly [code: string, message: string] | undefined {
  const { VpcId } = gateway;
  const [own] = gateway.NatGatewayAddresses ?? [];
  const networkInterface = interfaceOf(ec2, gateway);
  const address = ec2.addresses.find(({ AllocationId }) => AllocationId === own?.AllocationId);
  const isOnline = ec2.internetGateways.some(({ Attachments }) => Attachments?.some((each) => each.VpcId === VpcId));
  if (!isOnline) return ['Gateway.NotAttached', `Network ${VpcId} has no Internet gateway attached`];
  if (!own || !address || !networkInterface)
    return [
      'InvalidAllocationID.NotFound',
      `Elastic IP address ${own?.AllocationId} could not be associated with this NAT gateway`,
    ];
  if (address.AssociationId !== undefined)
    return ['Resource.AlreadyAssociated', `Elastic IP address ${own.AllocationId} is already associated`];
  bind(address, networkInterface, own.AssociationId);
  own.PublicIp = address.PublicIp;
  own.Status = 'succeeded';
  return undefined;
}

function interfaceOf(ec2: Ec2State, { NatGatewayAddresses }: Ec2.NatGateway): Ec2.NetworkInterface | undefined {
  const id = NatGatewayAddresses?.[0]?.NetworkInterfaceId;
  return ec2.networkInterfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === id);
}

/** Its Elastic IP address is free again. */
function removeInterfaceOf(ec2: Ec2State, gateway: Ec2.NatGateway): void {
  const networkInterface = interfaceOf(ec2, gateway);
  if (networkInterface) removeInterface(ec2, networkInterface);
}
