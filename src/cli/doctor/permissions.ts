/** May we read what the lab's checks read? Tried for real, with a reader that writes down every refusal. */
import type { AccountReader } from '../../account/reader.ts';
import type { Registry } from '../../lab/checks.ts';
import type { Lab } from '../../lab/schema.ts';
import type { AnswerTo, Question, Reading, SliceName, Slices, Unread } from '../../model/account.ts';
import type { DoctorFinding } from '../../plain/doctor.ts';
import { BINDING_SLICES } from '../../run/bind.ts';
import { CloudUnavailable, verify } from '../../run/verify.ts';

export interface Tried {
  /** `ec2:DescribeVpcs`, of every call that was sent. */
  readonly actions: readonly string[];
  readonly refused: readonly Refused[];
  /** undefined where it could not be read. */
  readonly managed: Slices['managedInstances'] | undefined;
  readonly running: readonly string[];
  /** Nothing could be asked at all. */
  readonly unavailable?: Unread;
}

export interface Refused {
  readonly unread: Unread;
  /** A check only reads it where it may. */
  readonly optional: boolean;
}

/** Verifies the labs as they are, but sends no ping, and looks into no other Region: that would take long. */
export async function tryPermissions(
  labs: readonly Lab[],
  checks: Registry,
  reader: AccountReader,
  clock: () => number,
): Promise<Tried> {
  const needed = new Set<SliceName>(BINDING_SLICES);
  for (const use of labs.flatMap(({ steps }) => steps.flatMap((step) => step.checks)))
    for (const name of checks[use.use]?.needs ?? []) needed.add(name);

  const refused = new Map<string, Refused>();
  const note = <T>(reading: Reading<T>, optional: boolean): Reading<T> => {
    if (!reading.ok)
      refused.set(`${reading.unread.action} ${reading.unread.reason}`, { unread: reading.unread, optional });
    return reading;
  };
  const noting: AccountReader = {
    ...reader,
    read: async <N extends SliceName>(name: N) => note(await reader.read(name), !needed.has(name)),
    async ask<Q extends Question>(question: Q): Promise<Reading<AnswerTo<Q>>> {
      if (question.kind === 'ping' || question.kind === 'elsewhere')
        return { ok: false, unread: { reason: 'unsupported', action: question.kind, message: 'not tried' } };
      return note(await reader.ask(question), false);
    },
  };
  try {
    for (const lab of labs) await verify({ lab, checks, reader: noting, clock });
  } catch (error) {
    if (!(error instanceof CloudUnavailable)) throw error;
    return { actions: [], refused: [], managed: undefined, running: [], unavailable: error.unread };
  }
  const [managed, instances] = await Promise.all([reader.read('managedInstances'), reader.read('instances')]);
  return {
    actions: Object.keys(reader.calls().byOperation),
    refused: [...refused.values()],
    managed: managed.ok ? managed.value : undefined,
    running: instances.ok ? instances.value.filter(({ state }) => state === 'running').map(({ id }) => id) : [],
  };
}

/** @param named As it goes on a command line: `labproof policy vpc-flow-logs`. */
export function permissionFindings(tried: Tried, named: string): readonly DoctorFinding[] {
  const { actions, refused, unavailable } = tried;
  const id = 'permissions';
  if (unavailable) return [{ id, status: 'unknown', message: 'What you may read could not be tried: see above.' }];
  const denied = refused.filter(({ unread }) => unread.reason === 'denied');
  const others = refused.filter(({ unread }) => unread.reason !== 'denied');
  const findings = [
    ...denied.map(
      ({ unread: { action }, optional }): DoctorFinding => ({
        id: `permission ${action}`,
        status: optional ? 'warning' : 'problem',
        message: `${action} is not allowed.${optional ? ' The checks can do without, but see less.' : ''}`,
        fix: {
          message: 'Give your user or role the policy that the checks need.',
          command: `labproof policy ${named}`,
        },
      }),
    ),
    ...others.map(
      ({ unread: { action, message } }): DoctorFinding => ({
        id: `permission ${action}`,
        status: 'unknown',
        message: `${action} could not be tried: ${message}`,
      }),
    ),
  ];
  if (findings.length > 0) return findings;
  return [
    { id, status: 'ok', message: `All ${actions.length} calls that the checks of ${named} make now are allowed.` },
  ];
}

/** Systems Manager sends the pings of a verification, and reads the output of those that were sent before. */
export function pingFindings({ managed, running, unavailable }: Tried): readonly DoctorFinding[] {
  const id = 'pings';
  if (unavailable || managed === undefined) return [];
  if (running.length === 0)
    return [
      { id, status: 'ok', message: 'No instance is running yet. labproof can ping from one by Systems Manager.' },
    ];
  const online = managed.filter(
    ({ instanceId, pingStatus }) => pingStatus === 'Online' && running.includes(instanceId),
  );
  if (online.length > 0)
    return [
      {
        id,
        status: 'ok',
        message: `Systems Manager reaches ${online.length} of ${running.length} running instances, so labproof can ping from there.`,
      },
    ];
  return [
    {
      id,
      status: 'warning',
      message: `Systems Manager reaches none of your ${running.length} running instances, so labproof cannot ping from there. That is optional: it also finds the pings that you send by hand, in the flow log.`,
      fix: {
        message:
          'Ping by hand with EC2 Instance Connect; or give the instance a role with AmazonSSMManagedInstanceCore, and wait some minutes.',
        command: `aws ec2 associate-iam-instance-profile --instance-id ${running[0]} --iam-instance-profile Name=NAME`,
      },
    },
  ];
}
