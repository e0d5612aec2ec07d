/** Run Command: commands are taken in here; they run in ../../hosts as the clock goes on. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { uuid } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { noteSession } from '../../traffic/sessions.ts';
import type { CommandState } from '../../world.ts';
import { findDocument, versionOf } from './document.ts';
import { readContent } from './document-content.ts';
import { prepareRun } from './document-values.ts';
import { commandOf, statusOf } from './invocations.ts';
import { type ManagedNode, managedNodes } from './managed.ts';
import { bounded, required, violation } from './refusal.ts';

const SendCommand: Operation<Ssm.SendCommandRequest, Ssm.SendCommandResult> = (request, input) => {
  const document = findDocument(request, required(input.DocumentName, 'documentName'));
  const version = versionOf(document, { documentVersion: input.DocumentVersion });
  const parameters = input.Parameters ?? {};
  const run = prepareRun(document.name, readContent(version.content, version.format), parameters);
  const timeoutSeconds = bounded(input.TimeoutSeconds, 'timeoutSeconds', { min: 30, max: 2_592_000, byDefault: 3600 });
  if ((input.Comment ?? '').length > 100)
    throw violation(input.Comment, 'comment', 'must have length less than or equal to 100');
  const nodes = targetsOf(request, input);
  // API Reference, SendCommand: every document that runs here is for Linux.
  if (nodes.some(({ platform }) => platform !== 'Linux'))
    throw new AwsError(
      'UnsupportedPlatformType',
      "The document doesn't support the platform type of the given managed node IDs.",
    );
  const command: CommandState = {
    id: uuid(request.random),
    documentName: document.name,
    documentVersion: input.DocumentVersion ?? '$DEFAULT',
    plugin: run.plugin,
    comment: input.Comment ?? '',
    parameters,
    targets: (input.Targets ?? []).map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })),
    maxConcurrency: share(input.MaxConcurrency, 'maxConcurrency', '50', 1),
    maxErrors: share(input.MaxErrors, 'maxErrors', '0', 0),
    requestedAt: request.now,
    timeoutSeconds,
    invocations: nodes.map((node) => {
      const startedAt = request.now + 200 + Math.floor(400 * request.random());
      return {
        instanceId: node.id,
        startedAt,
        deadline: startedAt + run.timeoutSeconds * 1000,
        exitCode: 0,
        stdout: '',
        stderr: '',
        script: { lines: [...run.lines], number: 0, at: startedAt, packets: 0 },
      };
    }),
  };
  request.region.commands.push(command);
  for (const { id: instanceId } of nodes)
    noteSession(request.region, request.regionName, instanceId, request.now, request.random);
  return { Command: commandOf(command, request.now) };
};

/** A number or a percentage (API Reference, SendCommand). */
function share(given: string | undefined, member: string, byDefault: string, least: 0 | 1): string {
  if (given === undefined) return byDefault;
  const pattern = `^([${least}-9][0-9]*|[${least}-9][0-9]%|[${least}-9]%|100%)$`;
  if (!new RegExp(pattern).test(given))
    throw violation(given, member, `must satisfy regular expression pattern: ${pattern}`);
  return given;
}

/** The nodes named by id, which must all be managed, and those that the targets select. */
function targetsOf(request: Request, input: Ssm.SendCommandRequest): ManagedNode[] {
  const nodes = managedNodes(request);
  const targets = input.Targets ?? [];
  if (targets.length > 0 && input.InstanceIds?.length)
    throw new AwsError('InvalidParameters', 'Specify either InstanceIds or Targets, not both.');
  const strange = targets.find(({ Key = '' }) => !/^(instanceids$|tag:|tag-key$)/i.test(Key));
  if (strange) throw new AwsError('InvalidTarget', `The target ${strange.Key} is not valid.`);
  const named = [
    ...(input.InstanceIds ?? []),
    ...targets.flatMap(({ Key, Values }) => (Key?.toLowerCase() === 'instanceids' ? (Values ?? []) : [])),
  ];
  const missing = named.filter((id) => !nodes.some((node) => node.id === id));
  if (missing.length > 0 || named.length > 50)
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${missing.join(', ')}]] not in a valid state for account ${request.account.id}`,
    );
  const byTag = targets.filter(({ Key = '' }) => /^tag[:-]/.test(Key));
  if (named.length === 0 && byTag.length === 0)
    throw new AwsError('ValidationException', 'Either InstanceIds or Targets must be specified.');
  return nodes.filter(
    ({ id, instance }) =>
      named.includes(id) ||
      (byTag.length > 0 &&
        byTag.every(({ Key, Values }) =>
          instance.Tags?.some((tag) =>
            Key === 'tag-key'
              ? Values?.includes(tag.Key ?? '')
              : `tag:${tag.Key}` === Key && Values?.includes(tag.Value ?? ''),
          ),
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
