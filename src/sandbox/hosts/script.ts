/** A script on an instance, run line by line as far as the clock allows. */
import type { InvocationState, ScriptState } from '../world.ts';
import { continueCommand, startCommand } from './commands.ts';
import type { Host } from './host.ts';
import { type Finished, failed, type Progress } from './process.ts';
import { type Step, stepsOf } from './words.ts';

/** What the agent keeps of a script's output (API Reference, GetCommandInvocation). */
const KEPT = { stdout: 24_000, stderr: 8000 };
const MOST_PACKETS = 20_000;
/** The exit code of a process that was killed. */
const KILLED = 137;

/**
 * Runs on until then, as `sh` does without `set -e`: the last exit code counts. A script is killed at its deadline.
 * @param path The script's file on the instance, for messages. @param now Epoch milliseconds.
 */
export function runScript(invocation: InvocationState, path: string, host: () => Host, now: number): void {
  const { script, deadline } = invocation;
  if (!script) return;
  const until = Math.min(now, deadline - 1);
  while (!script.halted && script.at <= until) {
    if (script.process) {
      const progress = continueCommand(script.process, host(), until);
      print(invocation, progress);
      if (!progress.ended) break;
      invocation.exitCode = progress.ended.exitCode;
      script.at = progress.ended.at;
      if (script.process.kind === 'ping') script.packets += script.process.sent;
      delete script.process;
      continue;
    }
    const step = script.rest?.shift();
    if (step) {
      if (!isDue(step, invocation.exitCode)) continue;
      const place = `${path}: line ${script.number}`;
      const limits = { ms: deadline - script.at, packets: MOST_PACKETS - script.packets };
      const started = startCommand(step.words, place, host(), script.at, limits);
      if ('kind' in started) script.process = started;
      else finish(invocation, script, started);
      continue;
    }
    const line = script.lines.shift();
    if (line === undefined) {
      end(invocation, script.at);
      return;
    }
    script.number += 1;
    const steps = stepsOf(line);
    if (typeof steps === 'string') finish(invocation, script, failed(`${path}: line ${script.number}: ${steps}`, 2));
    else script.rest = steps;
  }
  if (now < deadline) return;
  invocation.endedBy = 'timeout';
  invocation.exitCode = KILLED;
  end(invocation, deadline);
}

/** `&&` and `||` are of the same rank and look at what ran last. */
function isDue({ joint }: Step, exitCode: number): boolean {
  return joint === ';' || (joint === '&&') === (exitCode === 0);
}

function finish(invocation: InvocationState, script: ScriptState, finished: Finished): void {
  print(invocation, finished);
  invocation.exitCode = finished.exitCode;
  script.at += finished.durationMs;
}

function print(invocation: InvocationState, { stdout, stderr }: Pick<Progress, 'stdout' | 'stderr'>): void {
  invocation.stdout = (invocation.stdout + stdout).slice(0, KEPT.stdout);
  invocation.stderr = (invocation.stderr + stderr).slice(0, KEPT.stderr);
}

function end(invocation: InvocationState, at: number): void {
  invocation.finishedAt = at;
  if (invocation.exitCode !== 0)
    print(invocation, { stdout: '', stderr: `failed to run commands: exit status ${invocation.exitCode}` });
  delete invocation.script;
}
