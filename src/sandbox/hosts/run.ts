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

/** @returns Whether any was still running. */
export function runHosts(region: RegionState, now: number, random: () => number): boolean {
  let running = false;
  for (const command of region.commands)
    for (const invocation of command.invocations)
      if (invocation.script) {
        running = true;
        runInvocation(region, command, invocation, now, random);
      }
  return running;
}

/** On an instance that does not run any more, nothing goes on; the agent's time limit ends it. */
export function runInvocation(
  region: RegionState,
  { id }: CommandState,
  invocation: InvocationState,
  now: number,
  random: () => number,
): void {
  const { instanceId, deadline } = invocation;
  const instance = region.ec2.instances.find(({ InstanceId }) => InstanceId === instanceId);
  if (instance?.State?.Name !== 'running' && now < deadline) return;
  const path = `/var/lib/amazon/ssm/${instanceId}/document/orchestration/${id}/awsrunShellScript/0.awsrunShellScript/_script.sh`;
  const none = { InstanceId: instanceId };
  runScript(invocation, path, () => hostOf(region, instance ?? none, random), now);
}

/** Amazon Linux 2023 starts an SSH server; a web server is there if the instance's user data installs one. */
const WEB_SERVERS = /\b(httpd|apache2|nginx)\b/;

function hostOf(region: RegionState, instance: Ec2.Instance, random: () => number): Host {
  const { ec2 } = region;
  const topology = topologyOf(ec2);
  const lookup = lookupOf(topology);
  const { InstanceId: instanceId = '', VpcId: vpcId = '' } = instance;
  return {
    name: instance.PrivateDnsName ?? '',
    interfaces: interfacesOf(ec2, instance),
    walk(packet) {
      const from = interfaceTowards(lookup, instanceId, packet.to);
      return walk(topology, { ...packet, from: { interfaceId: from?.id ?? '' } });
    },
    sight: (crossings, packets) => sight(region, crossings, packets),
    resolve: (name) => resolve(ec2, vpcId, name),
    nameOf: (address) => nameOf(ec2, vpcId, address),
    serviceAt(networkInterfaceId, port) {
      const id = lookup.networkInterface(networkInterfaceId)?.instanceId;
      if (id === undefined) return undefined;
      if (port === 22) return 'ssh';
      return port === 80 && WEB_SERVERS.test(Buffer.from(ec2.userData?.[id] ?? '', 'base64').toString())
        ? 'http'
        : undefined;
    },
    random,
  };
}

/** Names as Amazon Linux gives them: `ens5`, `ens6` … on Nitro instances, `enX0`, `enX1` … on Xen ones. */
function interfacesOf(ec2: RegionState['ec2'], instance: Ec2.Instance): HostInterface[] {
  const own = ec2.networkInterfaces.filter(({ Attachment }) => Attachment?.InstanceId === instance.InstanceId);
  return own
    .toSorted((a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0))
    .map((each, index) => ({
      id: each.NetworkInterfaceId ?? '',
      macAddress: each.MacAddress ?? '',
      device: isNitro(instance.InstanceType) ? `ens${index + 5}` : `enX${index}`,
      addresses: (each.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
      subnet: ec2.subnets.find(({ SubnetId }) => SubnetId === each.SubnetId)?.CidrBlock ?? '0.0.0.0/32',
    }));
}
