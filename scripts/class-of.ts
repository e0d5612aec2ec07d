/** A class over a sandbox: its roster, its accounts, what is wrong with some of them, and what each must be told. */
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Grade } from '../src/grade/grade.ts';
import type { Lab } from '../src/lab/schema.ts';
import type { Case } from '../src/run/lab-test.ts';
import type { Result } from '../src/run/result.ts';
import { accountOf, copied, roleArn, type State, type States, stateFileOf, unexpected } from './class-states.ts';

/** What stands between the instructor and an account. */
export const TROUBLES = [
  'denied',
  'external-id',
  'no-role',
  'region',
  'throttled',
  'throttled-some',
  'unreachable',
] as const;
type Trouble = (typeof TROUBLES)[number];

export interface Pupil {
  readonly id: string;
  readonly account: string;
  readonly state: State;
  readonly trouble?: Trouble;
}

/** Where the lab never is. */
const WRONG_REGION = 'sa-east-1';

/** As many, over all states in turn; one of `every` has each of the troubles in turn, with the solution behind it. */
export function classOf({ states }: Pick<States, 'states'>, size: number, every: number): readonly Pupil[] {
  const solved = states.find(({ one }) => one.id === 'solution');
  return Array.from({ length: size }, (_, index): Pupil => {
    const trouble = index % every === every - 1 ? TROUBLES[Math.floor(index / every) % TROUBLES.length] : undefined;
    const state = (trouble && solved) ?? states[index % states.length];
    if (!state) throw new Error('There are no states.');
    return { id: `learner-${index}`, account: accountOf(index), state, ...(trouble && { trouble }) };
  });
}

const externalIdOf = (account: string): string => `secret-external-id-${account}`;

/** `state.json` and `class.csv`. */
export async function writeClass(dir: string, states: States, pupils: readonly Pupil[]): Promise<void> {
  const accounts = pupils.map(({ account, state, trouble }) => ({
    account,
    state,
    role: { externalId: externalIdOf(account), allowed: trouble !== 'denied' },
  }));
  await pipeline(Readable.from(stateFileOf(states, accounts)), createWriteStream(join(dir, 'state.json')));
  const rows = pupils.map(({ id, account, state, trouble }) => [
    id,
    account,
    trouble === 'region' ? WRONG_REGION : state.region,
    roleArn(account).replace('grader', trouble === 'no-role' ? 'nobody' : 'grader'),
    trouble === 'external-id' ? 'another-external-id' : externalIdOf(account),
  ]);
  const header = ['learner', 'account', 'region', 'role_arn', 'external_id'];
  writeFileSync(join(dir, 'class.csv'), [header, ...rows].map((row) => `${row.join(',')}\n`).join(''));
}

/** `ID.json` of each: its snapshot. */
export function writeSnapshots(dir: string, pupils: readonly Pupil[]): void {
  for (const { id, account, state } of pupils) writeFileSync(join(dir, `${id}.json`), copied(state.snapshot, account));
}

/** For `POST /_sandbox/faults`. */
export function faultsFor(pupils: readonly Pupil[]): object {
  const having = (wanted: Trouble) => pupils.filter(({ trouble }) => trouble === wanted).map(({ account }) => account);
  return {
    'ec2:*': { throttling: 1, accounts: having('throttled') },
    'logs:*': { throttling: 0.5, accounts: having('throttled-some') },
    'sts:GetCallerIdentity': { drop: 1, accounts: having('unreachable') },
  };
}

const resultIn = (dir: string, id: string): Result =>
  JSON.parse(readFileSync(join(dir, 'results', `${id}.json`), 'utf8')) as Result;

/** What was said of a learner otherwise than expected. */
export function surprises(dir: string, lab: Lab, { id, state, trouble }: Pupil, grade: Grade | undefined) {
  if (!grade) return [`${id}: no grade`];
  const said = told(dir, lab, { id, one: state.one, trouble, grade });
  return said.map((text) => `${id} (${trouble ?? state.one.id}): ${text}`);
}

interface Told {
  readonly id: string;
  readonly one: Case;
  readonly trouble: Trouble | undefined;
  readonly grade: Grade;
}

function told(dir: string, lab: Lab, { id, one, trouble, grade }: Told): readonly string[] {
  const shut = (code: string) =>
    grade.status === 'unknown' && grade.code === code
      ? []
      : [`expected unknown ${code}, got ${JSON.stringify(grade).slice(0, 300)}`];
  if (trouble === 'external-id' || trouble === 'no-role') return shut('ENTRY_DENIED');
  if (trouble === 'unreachable') return shut('UNREACHABLE');

  const result = resultIn(dir, id);
  const checks = result.steps.flatMap((step) => step.checks);
  switch (trouble) {
    case 'region':
      return checks
        .filter(
          ({ id: check, verdict, findings }) =>
            // A role is in no Region.
            (verdict === 'pass' && check !== 'role-trusted') ||
            verdict === 'unknown' ||
            (/^vpc-/.test(check) && !findings.some(({ code }) => code === 'VPC_IN_OTHER_REGION')),
        )
        .map((check) => `${check.id} is ${check.verdict} in a Region without the lab`);
    case 'denied':
    case 'throttled':
      return [
        ...(grade.status === 'unknown' ? [] : ['graded, though nothing could be read']),
        ...checks.filter(({ verdict }) => verdict !== 'unknown').map((check) => `${check.id} is ${check.verdict}`),
      ];
    case 'throttled-some':
      return checks
        .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unknown')
        .map((check) => `${check.id} is ${check.verdict}, and was only throttled`);
    default: {
      const open = checks.some(({ verdict }) => verdict === 'unknown' || verdict === 'waiting');
      const status = open ? 'unknown' : 'graded';
      return [
        ...unexpected(lab, one, result),
        ...(grade.status === status ? [] : [`expected ${status}, got ${grade.status}`]),
      ];
    }
  }
}
