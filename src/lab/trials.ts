/** The trials of a lab: named ways to get it wrong, or unusually right, and what must then be said of each. */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Verdict } from '../check.ts';
import { suggestion } from '../lib/nearest.ts';
import type { Registry } from './checks.ts';
import { decode, readBytes } from './file.ts';
import { isFile, TRIALS_FILE } from './list.ts';
import { LabError, type LabProblem } from './problem.ts';
import { type CheckUse, id, type Lab, line, resourceName, type SolutionCall, solutionCall } from './schema.ts';
import { callProblems } from './solution-names.ts';
import { type Path, parseSource, type Source } from './source.ts';
import { validate } from './validate.ts';

const VERDICTS = ['pass', 'partial', 'fail', 'waiting', 'blocked', 'unknown'] as const satisfies readonly Verdict[];

/** `fail ROUTE_MISSING BAD_STATE_ROUTE`: a verdict, and exactly the codes of its findings. */
const outcome = z
  .string()
  .regex(
    new RegExp(`^(${VERDICTS.join('|')})( [A-Z][A-Z0-9_]*)*$`),
    'write a verdict and the codes of its findings, such as fail ROUTE_MISSING',
  )
  .transform((text): Outcome => {
    const [verdict, ...codes] = text.split(' ');
    return { verdict: verdict as Verdict, codes: codes.sort() };
  });

export interface Outcome {
  readonly verdict: Verdict;
  /** Sorted. */
  readonly codes: readonly string[];
}

/** Calls of the solution that are sent otherwise: all with this operation, or that make this resource, or both. */
const change = z.strictObject({
  call: solutionCall.shape.call.optional(),
  makes: resourceName.optional(),
  /** Members of the input that are other; `null` leaves one out. */
  input: z.record(z.string(), z.json()).default({}),
  /** The call is not sent at all. */
  without: z.literal(true).optional(),
});

const wait = z.strictObject({
  /** Seconds of the cloud's clock that pass. */
  wait: z.int().min(1).max(604_800),
});

const trial = z.strictObject({
  id,
  title: line,
  /** The last step that the solution is sent for; all where absent. */
  through: id.optional(),
  /** The last step whose checks are looked at; that of `through` where absent. */
  verifyThrough: id.optional(),
  change: z.array(change).default([]),
  /** Sent after the solution. */
  calls: z.array(z.union([wait, solutionCall])).default([]),
  /** Where the lab is done; the sandbox's usual Region where absent. */
  region: line.optional(),
  /** Where `calls` are sent, if that is another Region. */
  callsIn: line.optional(),
  /** Where the checks look, if that is another Region. */
  verifyIn: line.optional(),
  /** What is said of checks; the others must pass as they do for the solution, or wait for one of these. */
  expect: z.record(z.string(), outcome).default({}),
  /** Resources of the lab of which each must be named, by its id, in what is said. */
  names: z.array(resourceName).default([]),
});

const trialsSchema = z.strictObject({ format: z.literal(1), trials: z.array(trial).min(1) });

export type Trial = z.infer<typeof trial>;
export type TrialCall = Trial['calls'][number];

export function isWait(call: TrialCall): call is { readonly wait: number } {
  return 'wait' in call;
}

/** The lab's trials, or none where it has no such file. @throws LabError with every problem of the file. */
export async function loadTrials(lab: Lab, checks: Registry): Promise<readonly Trial[]> {
  const file = join(dirname(lab.file), TRIALS_FILE);
  if (!(await isFile(file))) return [];
  const source = parseSource(decode(await readBytes(file), file), file);
  const { trials } = validate(source, trialsSchema, 'the file of trials');
  const problems = trials.flatMap((one, index) => trialProblems(one, ['trials', index], trials, lab, checks, source));
  if (problems.length > 0) throw new LabError(problems);
  return trials;
}

function trialProblems(
  one: Trial,
  path: Path,
  all: readonly Trial[],
  lab: Lab,
  checks: Registry,
  source: Source,
): readonly LabProblem[] {
  const problems: LabProblem[] = [];
  const unknown = (code: string, at: Path, what: string, name: string, known: readonly string[]) =>
    problems.push(source.problem(code, at, `There is no ${what} ${JSON.stringify(name)}.${suggestion(name, known)}`));

  if (all.find((each) => each.id === one.id) !== one)
    problems.push(source.problem('DUPLICATE_ID', [...path, 'id'], `Another trial is called ${one.id} already.`));
  const steps = lab.steps.map((step) => step.id);
  for (const key of ['through', 'verifyThrough'] as const) {
    const step = one[key];
    if (step !== undefined && !steps.includes(step)) unknown('UNKNOWN_STEP', [...path, key], 'step', step, steps);
  }

  const resources = Object.keys(lab.resources);
  for (const [index, name] of one.names.entries())
    if (!resources.includes(name)) unknown('UNKNOWN_RESOURCE', [...path, 'names', index], 'resource', name, resources);

  const solution = lab.steps.flatMap((step) => step.solution);
  for (const [index, changed] of one.change.entries())
    if (!solution.some((call) => isChangedBy(changed, call)))
      problems.push(
        source.problem(
          'CHANGES_NOTHING',
          [...path, 'change', index],
          `The solution has no call ${changed.call ?? ''}${changed.makes ? ` that makes ${changed.makes}` : ''}.`,
        ),
      );

  const uses = new Map(lab.steps.flatMap((step) => step.checks).map((use) => [use.id, use]));
  for (const [checkId, { codes }] of Object.entries(one.expect)) {
    const at = [...path, 'expect', checkId];
    const use = uses.get(checkId);
    if (!use) unknown('UNKNOWN_CHECK', at, 'check', checkId, [...uses.keys()]);
    else
      for (const code of codes)
        if (!isCodeOf(use, code, checks)) unknown('UNKNOWN_CODE', at, 'code', code, codesOf(use, checks));
  }

  // Positions in the file count the waits too, which hold no names.
  const calls = one.calls.map((call) => (isWait(call) ? undefined : call));
  problems.push(...callProblems(calls, [...path, 'calls'], resources, source));
  return problems;
}

function codesOf({ use }: CheckUse, checks: Registry): readonly string[] {
  return Object.keys(checks[use]?.codes ?? {});
}

function isCodeOf(use: CheckUse, code: string, checks: Registry): boolean {
  return codesOf(use, checks).includes(code);
}

export type Change = Trial['change'][number];

export function isChangedBy({ call, makes }: Change, other: SolutionCall): boolean {
  return (call === undefined || other.call === call) && (makes === undefined || other.makes === makes);
}
