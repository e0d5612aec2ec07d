/** What became of the commands: their invocations, one an instance, as they stand at a moment of the clock. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { CommandState, InvocationState } from '../../world.ts';
import { pluginOutput } from './plugin-output.ts';
import { bounded, invalidToken, required } from './refusal.ts';

type Status = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';

/** API Reference, GetCommandInvocation. */
const mostCharacters = { stdout: 24_000, stderr: 8000 };

export function statusOf(invocation: InvocationState, now: number): Status {
  if (invocation.endedBy === 'cancel') return 'Cancelled';
  if (now < invocation.startedAt) return 'Pending';
  if (invocation.finishedAt === undefined || now < invocation.finishedAt) return 'InProgress';
  if (invocation.endedBy === 'timeout') return 'TimedOut';
  return invocation.exitCode === 0 ? 'Success' : 'Failed';
}

function detailsOf(status: Status): string {
  return status === 'TimedOut' ? 'Execution Timed Out' : status;
}

/** API Reference, Command: the worst of its invocations once all have ended. */
export function commandOf(command: CommandState, now: number): Ssm.Command {
  const statuses = command.invocations.map((invocation) => statusOf(invocation, now));
  const order = ['InProgress', 'Pending', 'Cancelled', 'TimedOut', 'Failed'] as const;
  const status = order.find((one) => statuses.includes(one)) ?? 'Success';
  const ended = statuses.filter((one) => one !== 'Pending' && one !== 'InProgress');
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: new Date(command.requestedAt + command.timeoutSeconds * 1000),
    Parameters: command.parameters,
    InstanceIds: command.invocations.map(({ instanceId }) => instanceId),
    Targets: command.targets.map(({ key, values }) => ({ Key: key, Values: values })),
    RequestedDateTime: new Date(command.requestedAt),
    Status: status,
    StatusDetails: detailsOf(status),
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: statuses.length,
    CompletedCount: ended.length,
    ErrorCount: ended.filter((one) => one === 'Failed' || one === 'TimedOut').length,
    DeliveryTimedOutCount: 0,
    TimeoutSeconds: command.timeoutSeconds,
  };
}

const GetCommandInvocation: Operation<Ssm.GetCommandInvocationRequest, Ssm.GetCommandInvocationResult> = (
  request,
  input,
) => {
  const commandId = required(input.CommandId, 'commandId');
  const instanceId = required(input.InstanceId, 'instanceId');
  const command = request.region.commands.find(({ id }) => id === commandId);
  const invocation = command?.invocations.find((candidate) => candidate.instanceId === instanceId);
  if (!command || !invocation)
    throw new AwsError('InvocationDoesNotExist', `No invocation of command ${commandId} on ${instanceId}.`);
  if (input.PluginName !== undefined && input.PluginName !== command.plugin)
    throw new AwsError('InvalidPluginName', `The plugin name ${input.PluginName} is not valid.`);
  const status = statusOf(invocation, request.now);
  const started = status !== 'Pending';
  const ended = started && status !== 'InProgress';
  const finishedAt = invocation.finishedAt ?? invocation.startedAt;
  const elapsed = (finishedAt - invocation.startedAt) / 1000;
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: command.plugin,
    ResponseCode: ended ? invocation.exitCode : -1,
    ExecutionStartDateTime: started ? new Date(invocation.startedAt).toISOString() : '',
    ExecutionElapsedTime: ended ? `PT${elapsed}S` : '',
    ExecutionEndDateTime: ended ? new Date(finishedAt).toISOString() : '',
    Status: status,
    StatusDetails: detailsOf(status),
    StandardOutputContent: ended ? invocation.stdout.slice(0, mostCharacters.stdout) : '',
    StandardOutputUrl: '',
    StandardErrorContent: ended ? invocation.stderr.slice(0, mostCharacters.stderr) : '',
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
};

const ListCommands: Operation<Ssm.ListCommandsRequest, Ssm.ListCommandsResult> = (request, input) => {
  if (input.CommandId !== undefined && !request.region.commands.some(({ id }) => id === input.CommandId))
    throw new AwsError('InvalidCommandId', `Command ${input.CommandId} does not exist.`);
  const found = chosen(request, input)
    .filter(({ invocations }) => hasInstance(invocations, input.InstanceId))
    .map((command) => commandOf(command, request.now))
    .filter((command) => hasStatus(command.Status, input.Filters));
  const size = bounded(input.MaxResults, 'maxResults', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(found, size, input.NextToken, invalidToken());
  return { Commands: items, NextToken: nextToken };
};

const ListCommandInvocations: Operation<Ssm.ListCommandInvocationsRequest, Ssm.ListCommandInvocationsResult> = (
  request,
  input,
) => {
  const found = chosen(request, input)
    .flatMap((command) => command.invocations.map((invocation) => ({ command, invocation })))
    .filter(({ invocation }) => hasInstance([invocation], input.InstanceId))
    .map(({ command, invocation }): Ssm.CommandInvocation => {
      const status = statusOf(invocation, request.now);
      const node = request.region.ec2.instances.find(({ InstanceId }) => InstanceId === invocation.instanceId);
      return {
        CommandId: command.id,
        InstanceId: invocation.instanceId,
        InstanceName: node?.PrivateDnsName ?? '',
        Comment: command.comment,
        DocumentName: command.documentName,
        DocumentVersion: command.documentVersion,
        RequestedDateTime: new Date(command.requestedAt),
        Status: status,
        StatusDetails: detailsOf(status),
        StandardOutputUrl: '',
        StandardErrorUrl: '',
        CommandPlugins: input.Details ? [pluginOf(command, invocation, status)] : [],
      };
    })
    .filter((invocation) => hasStatus(invocation.Status, input.Filters));
  const size = bounded(input.MaxResults, 'maxResults', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(found, size, input.NextToken, invalidToken());
  return { CommandInvocations: items, NextToken: nextToken };
};

function pluginOf({ plugin }: CommandState, invocation: InvocationState, status: Status): Ssm.CommandPlugin {
  const ended = status !== 'Pending' && status !== 'InProgress';
  return {
    Name: plugin,
    Status: status,
    StatusDetails: detailsOf(status),
    ResponseCode: ended ? invocation.exitCode : -1,
    ResponseStartDateTime: new Date(invocation.startedAt),
    ...(ended && invocation.finishedAt !== undefined && { ResponseFinishDateTime: new Date(invocation.finishedAt) }),
    Output: ended ? pluginOutput(invocation.stdout, invocation.stderr) : '',
    StandardOutputUrl: '',
    StandardErrorUrl: '',
  };
}

/** Newest first. Status filters are applied to what the clock makes of it. */
function chosen(request: Request, input: Ssm.ListCommandsRequest): CommandState[] {
  return request.region.commands
    .filter(({ id }) => input.CommandId === undefined || id === input.CommandId)
    .filter((command) => (input.Filters ?? []).every((filter) => passes(command, filter)))
    .reverse();
}

function passes(command: CommandState, { key, value = '' }: Ssm.CommandFilter): boolean {
  switch (key) {
    case 'InvokedAfter':
      return command.requestedAt >= Date.parse(value);
    case 'InvokedBefore':
      return command.requestedAt < Date.parse(value);
    case 'DocumentName':
      return command.documentName === value;
    case 'Status':
      return true;
    default:
      throw new AwsError('InvalidFilterKey', `The specified key ${key} is not valid.`);
  }
}

function hasStatus(status: string | undefined, filters: readonly Ssm.CommandFilter[] = []): boolean {
  return filters.every(({ key, value }) => key !== 'Status' || status === value);
}

function hasInstance(invocations: readonly InvocationState[], instanceId: string | undefined): boolean {
  return instanceId === undefined || invocations.some((invocation) => invocation.instanceId === instanceId);
}

export const invocationOperations: Operations = { GetCommandInvocation, ListCommands, ListCommandInvocations };
