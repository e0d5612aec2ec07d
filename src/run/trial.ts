/** A trial: the lab's solution with something done otherwise, or with something done after it. */
import type { Lab, SolutionCall, Step } from '../lab/schema.ts';
import { type Change, isChangedBy, isWait, type Trial } from '../lab/trials.ts';
import type { Result } from './result.ts';
import { knownIn, perform, type Sending } from './solve.ts';

/** The steps that the trial solves, each call as the trial has it. */
export function stepsOf({ steps }: Lab, { through, change }: Pick<Trial, 'through' | 'change'>): readonly Step[] {
  const last = through === undefined ? steps.length - 1 : steps.findIndex(({ id }) => id === through);
  return steps.slice(0, last + 1).map((step) => ({
    ...step,
    solution: step.solution.flatMap((call) => changed(call, change)),
  }));
}

function changed(call: SolutionCall, changes: readonly Change[]): readonly SolutionCall[] {
  const mine = changes.filter((change) => isChangedBy(change, call));
  if (mine.some(({ without }) => without)) return [];
  const input: SolutionCall['input'] = Object.assign({}, call.input, ...mine.map((change) => change.input));
  return [{ ...call, input: Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) }];
}

export interface Mistake extends Sending {
  readonly calls: Trial['calls'];
  /** The account as the solution left it. */
  readonly before: Pick<Result, 'cloud' | 'resources'>;
  readonly partition: string;
  /** The cloud's own clock, epoch milliseconds. */
  readonly now: number;
  /** Lets this much of the cloud's time pass. */
  wait(milliseconds: number): Promise<void>;
}

/** Sends what the trial does after the solution. @throws CallError where AWS refuses a call. */
export async function makeMistake(mistake: Mistake): Promise<void> {
  const variables = knownIn(mistake);
  for (const call of mistake.calls) {
    if (isWait(call)) await mistake.wait(call.wait * 1000);
    else Object.assign(variables, await perform(call, variables, mistake));
  }
}
