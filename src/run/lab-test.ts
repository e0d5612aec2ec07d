/** A lab put to the test: nothing passes in an empty account, the solution passes, and each trial gets what it should. */
import type { AccountReader, CallSender } from '../account/reader.ts';
import type { Finding } from '../check.ts';
import type { Registry } from '../lab/checks.ts';
import type { Lab, Step } from '../lab/schema.ts';
import type { Outcome, Trial } from '../lab/trials.ts';
import { messageOf } from '../lib/message.ts';
import type { CheckResult, Result } from './result.ts';
import { solve } from './solve.ts';
import { makeMistake, stepsOf } from './trial.ts';
import { verify } from './verify.ts';

/** A cloud of its own for one case. Its time passes only as it is told to. */
export interface World {
  sender(region: string | undefined): CallSender;
  reader(region: string | undefined): AccountReader;
  /** Epoch milliseconds. */
  now(): number;
  /** Lets this much of its time pass. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

/** Records what a reader is told, and tells it again. */
export interface Recorder {
  record(reader: AccountReader): { readonly reader: AccountReader; again(): Promise<AccountReader> };
}

export interface Building {
  readonly lab: Lab;
  readonly checks: Registry;
  /** Our own clock, for the durations; epoch milliseconds. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

export interface LabTest extends Building, Recorder {
  open(): Promise<World>;
}

export type Case =
  | { readonly kind: 'empty'; readonly id: string }
  | { readonly kind: 'through'; readonly id: string; readonly steps: number }
  | { readonly kind: 'trial'; readonly id: string; readonly trial: Trial };

export interface CaseResult {
  readonly kind: Case['kind'];
  readonly id: string;
  /** What was said otherwise than expected; none where all is well. */
  readonly differences: readonly string[];
  readonly durationMs: number;
}

/** The empty account, the solution through each of its steps, and the trials. */
export function casesOf({ steps }: Lab, trials: readonly Trial[]): readonly Case[] {
  return [
    { kind: 'empty', id: 'empty account' },
    ...steps.map(
      ({ id }, index): Case => ({
        kind: 'through',
        id: index === steps.length - 1 ? 'solution' : `solution through ${id}`,
        steps: index + 1,
      }),
    ),
    ...trials.map((trial): Case => ({ kind: 'trial', id: trial.id, trial })),
  ];
}

/** Runs one case in a world of its own: live, and again from a recording of it. Never rejects but when aborted. */
export async function runCase(test: LabTest, one: Case): Promise<CaseResult> {
  const started = test.clock();
  const differences = await inWorld(test, one).catch((error: unknown) => {
    test.signal.throwIfAborted();
    return [`could not be run: ${messageOf(error)}`];
  });
  return { kind: one.kind, id: one.id, differences, durationMs: test.clock() - started };
}

async function inWorld(test: LabTest, one: Case): Promise<readonly string[]> {
  const world = await test.open();
  try {
    await build(test, world, one);
    const { region, verifyIn = region } = one.kind === 'trial' ? one.trial : {};
    const only = one.kind === 'trial' ? lookedAt(test.lab, one.trial) : undefined;
    const { reader, again } = test.record(world.reader(verifyIn));
    try {
      const live = await look(test, reader, only);
      const recorded = await look(test, await again(), only);
      return [...differencesOf(test.lab, one, live), ...sameness(live, recorded)];
    } finally {
      reader.close();
    }
  } finally {
    await world.close();
  }
}

/** The steps that a trial says something of; undefined for all. */
export function lookedAt({ steps }: Lab, { through, verifyThrough = through }: Trial): readonly string[] | undefined {
  const last = steps.findIndex(({ id }) => id === verifyThrough);
  return last === -1 ? undefined : steps.slice(0, last + 1).map(({ id }) => id);
}

function stepsFor(lab: Lab, one: Case): readonly Step[] {
  switch (one.kind) {
    case 'empty':
      return [];
    case 'through':
      return lab.steps.slice(0, one.steps);
    case 'trial':
      return stepsOf(lab, one.trial);
  }
}

/** Makes of an empty world the case's. @throws CallError where AWS refuses a call */
export async function build(test: Building, world: World, one: Case): Promise<void> {
  if (one.kind === 'empty') return;
  const region = one.kind === 'trial' ? one.trial.region : undefined;
  const steps = stepsFor(test.lab, one);
  const wait = async (milliseconds: number) => world.advance(milliseconds);
  const sending = { signal: test.signal, say: () => {}, sleep: wait, partition: 'aws' };
  const empty = await resourcesIn(test, world, region);
  await using(world.sender(region), (sender) => solve({ ...sending, sender, before: empty, steps, now: world.now() }));
  if (one.kind !== 'trial' || one.trial.calls.length === 0) return;
  const { calls, callsIn = region } = one.trial;
  const before = await resourcesIn(test, world, region);
  await using(world.sender(callsIn), (sender) =>
    makeMistake({ ...sending, sender, calls, before, now: world.now(), wait }),
  );
}

/** What the lab's names are bound to. Asks no check anything. */
function resourcesIn(test: Building, world: World, region: string | undefined): Promise<Result> {
  return using(world.reader(region), (reader) => look(test, reader, []));
}

async function using<T extends { close(): void }, R>(opened: T, use: (opened: T) => Promise<R>): Promise<R> {
  try {
    return await use(opened);
  } finally {
    opened.close();
  }
}

function look({ lab, checks, clock }: Building, reader: AccountReader, steps: readonly string[] | undefined) {
  return verify({ lab, checks, reader, clock, ...(steps && { steps }) });
}

/** What this result says otherwise than the case expects. */
export function differencesOf(
  lab: Lab,
  one: Case,
  { steps, resources }: Pick<Result, 'steps' | 'resources'>,
): readonly string[] {
  const results = steps.flatMap((step) => step.checks);
  switch (one.kind) {
    case 'empty':
      return results
        .filter(({ verdict }) => verdict === 'pass')
        .map((check) => expectedButGot('anything but a pass', check));
    case 'through': {
      const solved = lab.steps.slice(0, one.steps).map(({ id }) => id);
      const next = lab.steps[one.steps];
      const open = steps.filter(({ id, verdict }) => solved.includes(id) && verdict !== 'pass');
      return [
        ...open
          .flatMap(({ checks }) => checks.filter(({ verdict }) => verdict !== 'pass'))
          .map((check) => expectedButGot('pass', check)),
        ...steps
          .filter(({ id, verdict }) => id === next?.id && verdict === 'pass')
          .map(({ id }) => `step ${id} passes before it is done`),
      ];
    }
    case 'trial':
      return [
        ...results.flatMap((check) => check.findings.flatMap((finding) => gapsOf(check, finding))),
        ...results.flatMap((check) => {
          const expected = one.trial.expect[check.id];
          if (expected ? textOf(expected) === textOf(outcomeOf(check)) : isUnharmed(check) || isHeldUp(check))
            return [];
          return [expectedButGot(expected ? textOf(expected) : 'pass', check)];
        }),
        ...one.trial.names.flatMap((name) => {
          const id = resources[name] ?? null;
          const said = results.some(({ findings }) =>
            findings.some((finding) => id !== null && finding.resources.includes(id)),
          );
          return said ? [] : [`no finding names ${name} (${id ?? 'not found in the account'})`];
        }),
      ];
  }
}

/** What a learner needs to mend it, and is not told. */
function gapsOf(check: CheckResult, { code, severity, expected, actual, fix }: Finding): readonly string[] {
  if (severity !== 'error') return [];
  const parts = { expected, actual, 'fix.console': fix?.console, 'fix.command': fix?.command, 'fix.docs': fix?.docs };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value ? [] : [name]));
  return missing.length > 0 ? [`${check.id}: finding ${code} has no ${missing.join(', ')}`] : [];
}

/** It passes, and only what is told to everyone is said. */
function isUnharmed({ verdict, findings }: CheckResult): boolean {
  return verdict === 'pass' && findings.every(({ severity }) => severity === 'info');
}

/** A consequence: it waits for another check, which has not passed. */
function isHeldUp({ findings }: CheckResult): boolean {
  return findings.some(({ code }) => code === 'BLOCKED' || code === 'DEPENDS');
}

function outcomeOf({ verdict, findings }: CheckResult): Outcome {
  return { verdict, codes: [...new Set(findings.map(({ code }) => code))].sort() };
}

function textOf({ verdict, codes }: Outcome): string {
  return [verdict, ...codes].join(' ');
}

function expectedButGot(expected: string, check: CheckResult): string {
  const why = check.findings.map(({ message }) => `\n  ${message}`).join('');
  return `${check.id}: expected ${expected}, got ${textOf(outcomeOf(check))}${why}`;
}

/** The recording must say what the account said. */
function sameness(live: Result, recorded: Result): readonly string[] {
  const told = (result: Result) =>
    new Map(
      result.steps.flatMap(({ checks }) =>
        checks.map(({ id, durationMs: _, ...check }) => [id, JSON.stringify(check)] as const),
      ),
    );
  const again = told(recorded);
  return [...told(live)]
    .filter(([id, text]) => again.get(id) !== text)
    .map(([id]) => `${id}: says something else from a snapshot`);
}
