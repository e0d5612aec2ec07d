/** Run Command: commands are taken in here; they run in ../../hosts as the clock goes on. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { uuid } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { noteSession } from '../../traffic/sessions.ts';
import type { CommandState } from '../../world.ts';
import { commandOf, statusOf } from './invocations.ts';
import { type ManagedNode, managedNodes } from './managed.ts';
import { bounded, required } from './refusal.ts';

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
  const command: CommandState = {
    id,
    documentName,
    comment: input.Comment ?? '',
    parameters,
    requestedAt: request.now,
    timeoutSeconds,
    invocations: nodes.map((node) => {
      const startedAt = request.now + 200 + Math.floor(400 * request.random());
      return {
        instanceId: node.id,
        startedAt,
        deadline: startedAt + executionTimeout * 1000,
        exitCode: 0,
        stdout: '',
        stderr: '',
        script: { lines: commands.flatMap((text) => text.split(/\r?\n/)), number: 0, at: startedAt, packets: 0 },
      };
    }),
  };
  request.region.commands.push(command);
  for (const { id: instanceId } of nodes)
    noteSession(request.region, request.regionName, instanceId, request.now, request.random);
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

/** API Reference, CancelCommand: here what runs ends at once. */
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
    delete invocation.script;
  }
  return {};
};

export const commandOperations: Operations = { SendCommand, CancelCommand };
