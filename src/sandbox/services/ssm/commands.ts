/** Run Command: commands are run, in the sandbox's closed set, the moment that they are sent; the clock shows when they end. */
import type * as Ssm from '@aws-sdk/client-ssm';
import type { Topology } from '../../../model/network/topology.ts';
import { walk } from '../../../model/network/walk.ts';
import { uuid } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { topologyOf } from '../../topology.ts';
import { sight } from '../../traffic/sight.ts';
import type { CommandState } from '../../world.ts';
import type { Host } from './host.ts';
import { commandOf, statusOf } from './invocations.ts';
import { type ManagedNode, managedNodes } from './managed.ts';
import { bounded, required } from './refusal.ts';
import { runScript } from './shell.ts';

const documentName = 'AWS-RunShellScript';
const documentParameters = ['commands', 'workingDirectory', 'executionTimeout'];

const SendCommand: Operation<Ssm.SendCommandRequest, Ssm.SendCommandResult> = (request, input) => {
  const document = required(input.DocumentName, 'documentName');
  if (document !== documentName && !document.endsWith(`:document/${documentName}`))
    throw new AwsError('InvalidDocument', `Document with name ${document} does not exist.`);
  const parameters = input.Parameters ?? {};
  const { commands, executionTimeout } = checkParameters(parameters);
  const timeoutSeconds = bounded(input.TimeoutSeconds, 'timeoutSeconds', { min: 30, max: 2_592_000, byDefault: 3600 });
  const nodes = targetsOf(request, input);
  const id = uuid(request.random);
  const topology = topologyOf(request.region.ec2);
  const command: CommandState = {
    id,
    documentName,
    comment: input.Comment ?? '',
    parameters,
    requestedAt: request.now,
    timeoutSeconds,
    invocations: nodes.map((node) => {
      const startedAt = request.now + 200 + Math.floor(400 * request.random());
      const path = `/var/lib/amazon/ssm/${node.id}/document/orchestration/${id}/awsrunShellScript/0.awsrunShellScript/_script.sh`;
      const limitMs = executionTimeout * 1000;
      const done = runScript(commands, path, hostOf(request, node, topology), startedAt, limitMs);
      return {
        instanceId: node.id,
        startedAt,
        finishedAt: startedAt + Math.ceil(done.durationMs),
        exitCode: done.exitCode,
        stdout: done.stdout,
        stderr:
          done.exitCode === 0 ? done.stderr : `${done.stderr}failed to run commands: exit status ${done.exitCode}`,
        ...(done.durationMs >= limitMs ? { endedBy: 'timeout' as const } : {}),
      };
    }),
  };
  request.region.commands.push(command);
  return { Command: commandOf(command, request.now) };
};

function checkParameters(parameters: Readonly<Record<string, readonly string[]>>): {
  commands: readonly string[];
  executionTimeout: number;
} {
  const unknown = Object.keys(parameters).find((name) => !documentParameters.includes(name));
  if (unknown !== undefined)
    throw new AwsError('InvalidParameters', `Parameter ${unknown} is not defined in the document ${documentName}.`);
  const { commands, executionTimeout: [timeout = '3600'] = [] } = parameters;
  if (!commands?.length) throw new AwsError('InvalidParameters', 'Parameter commands requires a value.');
  // The document's own pattern for executionTimeout allows 1 to 172800 seconds.
  const seconds = /^\d{1,6}$/.test(timeout) ? Number(timeout) : 0;
  if (seconds < 1 || seconds > 172_800)
    throw new AwsError('InvalidParameters', `Parameter executionTimeout has an invalid value: ${timeout}`);
  return { commands, executionTimeout: seconds };
}

/** The nodes named by id, which must all be managed, and those that the targets select. */
function targetsOf(request: Request, input: Ssm.SendCommandRequest): ManagedNode[] {
  const nodes = managedNodes(request);
  const named = [
    ...(input.InstanceIds ?? []),
    ...(input.Targets ?? []).flatMap(({ Key, Values }) => (Key?.toLowerCase() === 'instanceids' ? (Values ?? []) : [])),
  ];
  const missing = named.filter((id) => !nodes.some((node) => node.id === id));
  if (missing.length > 0 || named.length > 50)
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${missing.join(', ')}]] not in a valid state for account ${request.account.id}`,
    );
  const byTag = (input.Targets ?? []).filter(({ Key }) => Key?.startsWith('tag:'));
  if (named.length === 0 && byTag.length === 0)
    throw new AwsError('ValidationException', 'Either InstanceIds or Targets must be specified.');
  return nodes.filter(
    ({ id, instance }) =>
      named.includes(id) ||
      (byTag.length > 0 &&
        byTag.every(({ Key, Values }) =>
          instance.Tags?.some((tag) => `tag:${tag.Key}` === Key && Values?.includes(tag.Value ?? '')),
        )),
  );
}

function hostOf(request: Request, { instance }: ManagedNode, topology: Topology): Host {
  const { ec2, traffic } = request.region;
  const interfaceId = instance.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
  const own = ec2.networkInterfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === interfaceId);
  const subnet = ec2.subnets.find(({ SubnetId }) => SubnetId === instance.SubnetId);
  return {
    name: instance.PrivateDnsName ?? '',
    interfaceId,
    macAddress: own?.MacAddress ?? '',
    device: /^(t2|m4|c4|r4)\./.test(instance.InstanceType ?? '') ? 'enX0' : 'ens5',
    addresses: (own?.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    subnet: subnet?.CidrBlock ?? '',
    walk: (address) => walk(topology, { protocol: 'icmp', from: { interfaceId }, to: address }),
    sight: (crossings, packets) => sight(traffic, crossings, packets),
    random: request.random,
  };
}

/** API Reference, CancelCommand: what runs already may run on; here the packets that are on their way do. */
const CancelCommand: Operation<Ssm.CancelCommandRequest, Ssm.CancelCommandResult> = (request, input) => {
  const id = required(input.CommandId, 'commandId');
  const command = request.region.commands.find((candidate) => candidate.id === id);
  if (!command) throw new AwsError('InvalidCommandId', `Command ${id} does not exist.`);
  for (const invocation of command.invocations) {
    const chosen = input.InstanceIds?.includes(invocation.instanceId) ?? true;
    if (!chosen || !['Pending', 'InProgress'].includes(statusOf(invocation, request.now))) continue;
    invocation.finishedAt = request.now;
    invocation.endedBy = 'cancel';
    invocation.stdout = '';
    invocation.stderr = '';
    invocation.exitCode = -1;
  }
  return {};
};

export const commandOperations: Operations = { SendCommand, CancelCommand };
