/** A script on an instance, run line by line as far as the clock allows. */
import type { RunState, ScriptState } from '../world.ts';
import { continueCommand, startCommand } from './commands.ts';
import type { Host } from './host.ts';
import { type Finished, failed, type Progress } from './process.ts';
import { goesOnBelow, type Step, stepsOf } from './words.ts';

/** The exit code of a process that was killed. */
const KILLED = 137;

/** What runs a script, and where what it prints goes. */
export interface Runner {
  /** The script's file on the instance, for messages. */
  readonly path: string;
  /** So many packets may it send. */
  readonly mostPackets: number;
  keep(run: RunState, printed: Printed): void;
}

export type Printed = Pick<Progress, 'stdout' | 'stderr'>;

/**
 * Runs on until then, as `sh` does without `set -e`: the last exit code counts. A script is killed at its deadline.
 * @param now Epoch milliseconds.
 */
export function runScript(run: RunState, runner: Runner, host: () => Host, now: number): void {
  const { script, deadline } = run;
  if (!script) return;
  const until = Math.min(now, deadline - 1);
  while (!script.halted && script.at <= until) {
    if (script.process) {
      const progress = continueCommand(script.process, host(), until);
      runner.keep(run, progress);
      if (!progress.ended) break;
      run.exitCode = progress.ended.exitCode;
      script.at = progress.ended.at;
      if (script.process.kind === 'ping') script.packets += script.process.sent;
      delete script.process;
      continue;
    }
    const step = script.rest?.shift();
    if (step) {
      if (!isDue(step, run.exitCode)) continue;
      const place = `${runner.path}: line ${script.number}`;
      const limits = { ms: deadline - script.at, packets: runner.mostPackets - script.packets };
      const started = startCommand(step.words, place, host(), script.at, limits);
      if ('kind' in started) script.process = started;
      else finish(run, script, runner, started);
      continue;
    }
    const line = script.lines.shift();
    if (line === undefined) {
      end(run, script.at);
      return;
    }
    script.number += 1;
    const steps = stepsOf(line);
    if (typeof steps !== 'string') {
      script.rest = steps;
      continue;
    }
    // What is below belongs to it: run as lines of their own, they would do what nobody wrote.
    const isLast = goesOnBelow(line);
    if (isLast) script.lines = [];
    const message = `${runner.path}: line ${script.number}: ${steps}${isLast ? ', and nothing after it' : ''}`;
    finish(run, script, runner, failed(message, 2));
  }
  if (now < deadline) return;
  run.endedBy = 'timeout';
  kill(run, deadline);
}

/** @param at Epoch milliseconds. */
export function kill(run: RunState, at: number): void {
  run.exitCode = KILLED;
  end(run, at);
}

/** `&&` and `||` are of the same rank and look at what ran last. */
function isDue({ joint }: Step, exitCode: number): boolean {
  return joint === ';' || (joint === '&&') === (exitCode === 0);
}

function finish(run: RunState, script: ScriptState, runner: Runner, finished: Finished): void {
  runner.keep(run, finished);
  run.exitCode = finished.exitCode;
  script.at += finished.durationMs;
}

function end(run: RunState, at: number): void {
  run.finishedAt = at;
  delete run.script;
}
