/** Systems Manager: managed instances, a ping sent now, and the pings of Run Command's history. */
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  ListCommandInvocationsCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import type { ManagedInstance, PingAnswer } from '../model/account.ts';
import { isAddress } from '../model/network/cidr.ts';
import type { Connection } from './connection.ts';
import { CallFailure, NOT_MANAGED } from './errors.ts';
import { allPages } from './pages.ts';
import { pingsIn } from './ping-output.ts';

const MOST = 50;
/** By this comment our own pings are known again in the history. */
const PROBE = 'labproof: one ping';
/** The ping itself ends within four seconds; the rest is Systems Manager's own delay. */
const PATIENCE_MS = 45_000;

export async function readManagedInstances({ client }: Connection): Promise<ManagedInstance[]> {
  const ssm = await client('ssm');
  const items = await allPages(
    (NextToken) => ssm.send(new DescribeInstanceInformationCommand({ MaxResults: MOST, NextToken })),
    ({ InstanceInformationList }) => InstanceInformationList,
    ({ NextToken }) => NextToken,
  );
  return items.map(({ InstanceId = '', PingStatus = '' }) => ({ instanceId: InstanceId, pingStatus: PingStatus }));
}

export async function askPings({ client }: Connection, InstanceId: string): Promise<PingAnswer[]> {
  const ssm = await client('ssm');
  try {
    const invocations = await allPages(
      (NextToken) =>
        ssm.send(new ListCommandInvocationsCommand({ InstanceId, Details: true, MaxResults: MOST, NextToken })),
      ({ CommandInvocations }) => CommandInvocations,
      ({ NextToken }) => NextToken,
    );
    return invocations.flatMap(({ RequestedDateTime, CommandPlugins, Comment }) =>
      (CommandPlugins ?? [])
        .flatMap(({ Output = '' }) => pingsIn(Output, RequestedDateTime?.getTime() ?? 0))
        .map((ping) => (Comment === PROBE ? { ...ping, probe: true } : ping)),
    );
  } catch (error) {
    // An instance that Systems Manager never knew has no history.
    if (error instanceof CallFailure && error.code === 'InvalidInstanceId') return [];
    throw error;
  }
}

/**
 * Sends a ping and reads its loss from its own statistics, as the exit status says "failed" for an answer that is clear.
 * @throws CallFailure, with the code `InstanceNotManaged` where Systems Manager cannot run it there.
 */
export async function askPing(connection: Connection, instanceId: string, address: string): Promise<PingAnswer> {
  // It becomes part of a command line: nothing but an address may.
  if (!isAddress(address)) throw new CallFailure('ssm:SendCommand', new Error(`${address} is no IPv4 address`));
  const ssm = await connection.client('ssm');
  const { Command } = await ssm
    .send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        Comment: PROBE,
        InstanceIds: [instanceId],
        TimeoutSeconds: 30,
        Parameters: { commands: [`ping -c 3 -i 0.3 -W 2 ${address}`], executionTimeout: ['30'] },
      }),
    )
    .catch((error: unknown) => {
      throw error instanceof CallFailure && error.code === 'InvalidInstanceId'
        ? notManaged(instanceId, error.code)
        : error;
    });
  const at = Command?.RequestedDateTime?.getTime() ?? connection.now();
  const invocation = await finished(connection, Command?.CommandId ?? '', instanceId);
  const { StandardOutputContent: output = '', StandardErrorContent, StatusDetails = '' } = invocation;
  const ping = pingsIn(output, at).find((each) => each.address === address);
  if (ping) return ping;
  if (NOT_DELIVERED.includes(StatusDetails)) throw notManaged(instanceId, StatusDetails);
  const words = StandardErrorContent || output || StatusDetails || 'no output';
  throw new CallFailure('ssm:SendCommand', new Error(`the ping gave no statistics: ${words.trim().slice(0, 200)}`));
}

/** Systems Manager User Guide, "Understanding command statuses": the command never ran. */
const NOT_DELIVERED = ['DeliveryTimedOut', 'Undeliverable', 'Terminated', 'InvalidPlatform', 'AccessDenied'];

function notManaged(instanceId: string, code: string): CallFailure {
  const message = `Systems Manager cannot run a ping on ${instanceId} (${code}): the instance must run, with its agent and an instance profile that allows it.`;
  return new CallFailure('ssm:SendCommand', Object.assign(new Error(message), { code: NOT_MANAGED }));
}

const UNFINISHED = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];

async function finished(
  { client, sleep }: Connection,
  CommandId: string,
  InstanceId: string,
): Promise<GetCommandInvocationCommandOutput> {
  const ssm = await client('ssm');
  let waited = 0;
  for (let pause = 40; waited < PATIENCE_MS; pause = Math.min(pause * 1.5, 1500)) {
    await sleep(pause);
    waited += pause;
    try {
      const invocation = await ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
      if (!UNFINISHED.includes(invocation.Status ?? 'Pending')) return invocation;
    } catch (error) {
      // Right after SendCommand it may not be known everywhere yet (boto3 issue 2701).
      if (!(error instanceof CallFailure && error.code === 'InvocationDoesNotExist')) throw error;
    }
  }
  const late = Object.assign(new Error('Systems Manager did not finish the ping in time'), { code: 'TimeoutError' });
  throw new CallFailure('ssm:GetCommandInvocation', late);
}
