/** Lets the scripts on a region's instances go on until now. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { interfaceTowards } from '../../model/network/arrive.ts';
import { lookupOf } from '../../model/network/lookup.ts';
import { walk } from '../../model/network/walk.ts';
import { isNitro } from '../services/ec2/instance-types.ts';
import { topologyOf } from '../topology.ts';
import { sight } from '../traffic/sight.ts';
import type { CommandState, InvocationState, RegionState } from '../world.ts';
import type { Host, HostInterface } from './host.ts';
import { nameOf, resolve } from './names.ts';
import { runScript } from './script.ts';
import { serviceAt } from './services.ts';

export function isAnyRunning({ commands }: RegionState): boolean {
  return commands.some(({ invocations }) => invocations.some(({ script }) => script !== undefined));
}

export function runHosts(region: RegionState, now: number, random: () => number): void {
  for (const command of region.commands)
    for (const invocation of command.invocations)
      if (invocation.script) runInvocation(region, command, invocation, now, random);
}

/** With its instance a script ends, too; the agent's time limit is all that is left of it. */
function runInvocation(
  region: RegionState,
  { id }: CommandState,
  invocation: InvocationState,
  now: number,
  random: () => number,
): void {
  const { instanceId } = invocation;
  const instance = region.ec2.instances.find(({ InstanceId }) => InstanceId === instanceId);
  if (instance?.State?.Name !== 'running') halt(invocation);
  const path = `/var/lib/amazon/ssm/${instanceId}/document/orchestration/${id}/awsrunShellScript/0.awsrunShellScript/_script.sh`;
  runScript(invocation, path, () => hostOf(region, instance ?? { InstanceId: instanceId }, random), now);
}

/** What runs on an instance when it stops, ends or boots anew. */
export function haltHost(region: RegionState, instanceId: string): void {
  for (const { invocations } of region.commands)
    for (const invocation of invocations) if (invocation.instanceId === instanceId) halt(invocation);
}

function halt({ script }: InvocationState): void {
  if (script) script.halted = true;
}

function hostOf(region: RegionState, instance: Ec2.Instance, random: () => number): Host {
  const { ec2 } = region;
  const topology = topologyOf(ec2);
  const lookup = lookupOf(topology);
  const { InstanceId: instanceId = '', VpcId: vpcId = '' } = instance;
  return {
    name: instance.PrivateDnsName ?? '',
    interfaces: interfacesOf(ec2, instance),
    hasIpv6: attachedTo(ec2, instanceId).some(({ Ipv6Addresses = [] }) => Ipv6Addresses.length > 0),
    walk(packet, interfaceId = interfaceTowards(lookup, instanceId, packet.to)?.id ?? '') {
      return walk(topology, { ...packet, from: { interfaceId } });
    },
    sight: (crossings, packets) => sight(region, crossings, packets),
    resolve: (name) => resolve(ec2, vpcId, name),
    nameOf: (address) => nameOf(ec2, vpcId, address),
    serviceAt: (networkInterfaceId, port) =>
      serviceAt(ec2, lookup.networkInterface(networkInterfaceId)?.instanceId, port),
    random,
  };
}

function attachedTo(ec2: RegionState['ec2'], instanceId: string | undefined): Ec2.NetworkInterface[] {
  return ec2.networkInterfaces.filter(({ Attachment }) => Attachment?.InstanceId === instanceId);
}

/** Names as Amazon Linux gives them: `ens5`, `ens6` … on Nitro instances, `enX0`, `enX1` … on Xen ones. */
function interfacesOf(ec2: RegionState['ec2'], instance: Ec2.Instance): HostInterface[] {
  return attachedTo(ec2, instance.InstanceId)
    .toSorted((a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0))
    .map((each, index) => ({
      id: each.NetworkInterfaceId ?? '',
      macAddress: each.MacAddress ?? '',
      device: isNitro(instance.InstanceType) ? `ens${index + 5}` : `enX${index}`,
      addresses: (each.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
      subnet: ec2.subnets.find(({ SubnetId }) => SubnetId === each.SubnetId)?.CidrBlock ?? '0.0.0.0/32',
    }));
}
