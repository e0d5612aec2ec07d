/** The fields of a flow-log record, up to version 5 (VPC User Guide, "Flow log records"). */
import type { FlowLog } from '@aws-sdk/client-ec2';
import { DEFAULT_FORMAT, versionOf, writeRecord } from '../../model/flowlog/record.ts';
import { isPrivate } from '../../model/network/cidr.ts';
import type { FlowState, RegionState } from '../world.ts';
import { awsServiceOf } from './aws-ranges.ts';
import { watchedInterfaces } from './coverage.ts';

export interface Place {
  readonly account: string;
  readonly regionName: string;
}

export function flowRecord(region: RegionState, flowLog: FlowLog, place: Place, flow: FlowState): string {
  const { LogFormat: format = DEFAULT_FORMAT } = flowLog;
  const { direction, packetSource, packetDestination } = flow;
  const values = {
    ...placeValues(region, place, format, flow),
    srcaddr: flow.source,
    dstaddr: flow.destination,
    'pkt-srcaddr': packetSource,
    'pkt-dstaddr': packetDestination,
    srcport: String(flow.sourcePort),
    dstport: String(flow.destinationPort),
    protocol: String(flow.protocol),
    packets: String(flow.packets),
    bytes: String(flow.bytes),
    start: seconds(flow.first),
    end: seconds(flow.last),
    action: flow.action,
    'tcp-flags': String(flow.flags),
    type: 'IPv4',
    'pkt-src-aws-service': serviceOf(packetSource),
    'pkt-dst-aws-service': serviceOf(packetDestination),
    'flow-direction': direction,
    'traffic-path': flow.trafficPath ?? '-',
    'log-status': 'OK',
  };
  return writeRecord(values, format);
}

/** A window without a record of its flows: there were none, or AWS skipped them. Times in epoch milliseconds. */
export function statusRecord(
  region: RegionState,
  flowLog: FlowLog,
  place: Place,
  interfaceId: string,
  status: 'NODATA' | 'SKIPDATA',
  span: { readonly start: number; readonly end: number },
): string {
  const { LogFormat: format = DEFAULT_FORMAT } = flowLog;
  const values = {
    ...placeValues(region, place, format, nowAt(region, interfaceId)),
    start: seconds(span.start),
    end: seconds(span.end),
    'log-status': status,
  };
  return writeRecord(values, format);
}

type At = Pick<FlowState, 'interfaceId' | 'vpcId' | 'subnetId' | 'instanceId'>;

/** The interface as it is now. */
function nowAt({ ec2 }: RegionState, interfaceId: string): At {
  const { networkInterface, instance } = watchedInterfaces(ec2).get(interfaceId) ?? {};
  const { VpcId, SubnetId } = networkInterface ?? {};
  return {
    interfaceId,
    ...(VpcId !== undefined && { vpcId: VpcId }),
    ...(SubnetId !== undefined && { subnetId: SubnetId }),
    ...(instance?.InstanceId !== undefined && { instanceId: instance.InstanceId }),
  };
}

function placeValues({ ec2 }: RegionState, place: Place, format: string, at: At) {
  const subnet = ec2.subnets.find(({ SubnetId }) => SubnetId === at.subnetId);
  return {
    version: String(versionOf(format)),
    'account-id': place.account,
    'interface-id': at.interfaceId,
    'vpc-id': at.vpcId ?? '-',
    'subnet-id': at.subnetId ?? '-',
    'instance-id': at.instanceId ?? '-',
    region: place.regionName,
    'az-id': subnet?.AvailabilityZoneId ?? '-',
  };
}

/** Shown for public addresses only (VPC User Guide, Flow log record examples: service name). */
function serviceOf(address: string): string {
  return (isPrivate(address) ? undefined : awsServiceOf(address)) ?? '-';
}

function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
