/** Lets the scripts on a region's instances go on until now. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { interfaceTowards } from '../../model/network/arrive.ts';
import { lookupOf } from '../../model/network/lookup.ts';
import { walk } from '../../model/network/walk.ts';
import { isNitro } from '../services/ec2/instance-types.ts';
import { isFirstBoot } from '../services/ec2/user-data.ts';
import { topologyOf } from '../topology.ts';
import { sight } from '../traffic/sight.ts';
import type { CommandState, InvocationState, RegionState, RunState } from '../world.ts';
import type { Host, HostInterface } from './host.ts';
import { nameOf, resolve } from './names.ts';
import { kill, type Printed, type Runner, runScript } from './script.ts';
import { serviceAt } from './services.ts';

/** What the agent keeps of a script's output (API Reference, GetCommandInvocation). */
const KEPT = { stdout: 24_000, stderr: 8000 };
/** What a console keeps, the newest of it (API Reference, GetConsoleOutput). */
const KEPT_ON_CONSOLE = 65_536;

/** Does a script run, or begin as soon as its instance has booted? */
export function isAnyRunning({ commands, ec2 }: RegionState): boolean {
  const isRunning = ({ script }: RunState) => script !== undefined;
  return (
    commands.some(({ invocations }) => invocations.some(isRunning)) ||
    Object.values(ec2.userDataRuns ?? {}).some(isRunning) ||
    ec2.instances.some((instance) => isFirstBoot(ec2, instance))
  );
}

export function runHosts(region: RegionState, now: number, random: () => number): void {
  for (const command of region.commands)
    for (const invocation of command.invocations)
      if (invocation.script) runInvocation(region, command, invocation, now, random);
  for (const [instanceId, run] of Object.entries(region.ec2.userDataRuns ?? {}))
    if (run.script) runUserData(region, instanceId, run, now, random);
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
  const agent: Runner = { path, mostPackets: 20_000, keep: keepBoth };
  runScript(invocation, agent, () => hostOf(region, instance ?? { InstanceId: instanceId }, random), now);
  if (invocation.finishedAt !== undefined && invocation.exitCode !== 0)
    keepBoth(invocation, { stdout: '', stderr: `failed to run commands: exit status ${invocation.exitCode}` });
}

function keepBoth(run: RunState, { stdout, stderr }: Printed): void {
  run.stdout = (run.stdout + stdout).slice(0, KEPT.stdout);
  run.stderr = (run.stderr + stderr).slice(0, KEPT.stderr);
}

/** As cloud-init names the file. A ping without a count is to last as long as the script may. */
const CLOUD_INIT: Runner = {
  path: '/var/lib/cloud/instance/scripts/part-001',
  mostPackets: 100_000,
  keep(run, { stdout, stderr }) {
    run.stdout = (run.stdout + stdout + stderr).slice(-KEPT_ON_CONSOLE);
  },
};

function runUserData(region: RegionState, instanceId: string, run: RunState, now: number, random: () => number): void {
  const instance = region.ec2.instances.find(({ InstanceId }) => InstanceId === instanceId);
  if (instance?.State?.Name === 'running') runScript(run, CLOUD_INIT, () => hostOf(region, instance, random), now);
  else kill(run, now);
}

/** What runs on an instance when it stops, ends or boots anew. @param now Epoch milliseconds. */
export function haltHost(region: RegionState, instanceId: string, now: number): void {
  for (const { invocations } of region.commands)
    for (const invocation of invocations) if (invocation.instanceId === instanceId) halt(invocation);
  const run = region.ec2.userDataRuns?.[instanceId];
  if (run?.script) kill(run, now);
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
