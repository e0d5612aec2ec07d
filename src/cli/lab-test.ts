/** `labproof lab test`: the empty account, the solution, each part of it and each trial, in sandboxes of their own. */
import pLimit from 'p-limit';
import { jsonText } from '../lib/json.ts';
import { safe } from '../lib/terminal-text.ts';
import type { CaseResult, LabTest } from '../run/lab-test.ts';
import { CliError, EXIT } from './exit.ts';
import { openLab, openTrials } from './labs.ts';

export interface LabTestFlags {
  readonly trial: readonly string[];
  readonly json?: boolean;
}

/** At once. More only share the same processor. */
const PARALLEL = 4;

export async function test(named: string | undefined, flags: LabTestFlags): Promise<void> {
  const opened = await openLab(named);
  const { lab } = opened;
  const trials = await openTrials(opened, flags.trial);
  const [{ casesOf, runCase }, { openWorld }, { recording, openSnapshot }] = await Promise.all([
    import('../run/lab-test.ts'),
    import('./lab-world.ts'),
    import('../account/recorded.ts'),
  ]);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const setting: LabTest = {
    lab,
    checks: await opened.checks(),
    open: () => openWorld(),
    record(live) {
      const { reader, snapshot } = recording(live);
      // As a file holds it: nothing may depend on what JSON cannot say.
      return { reader, again: async () => openSnapshot(JSON.parse(JSON.stringify(await snapshot()))) };
    },
    clock: Date.now,
    signal: stop.signal,
  };
  const cases =
    flags.trial.length > 0 ? casesOf(lab, trials).filter(({ kind }) => kind === 'trial') : casesOf(lab, trials);
  const started = Date.now();
  const limit = pLimit(PARALLEL);
  const done: CaseResult[] = [];
  const show = progress(cases.length);
  try {
    const results = await limit.map(cases, async (one) => {
      stop.signal.throwIfAborted();
      const result = await runCase(setting, one);
      done.push(result);
      show(done);
      return result;
    });
    show.end();
    report(results, Date.now() - started, lab.id, flags.json === true);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    show.end();
    throw new CliError(EXIT.interrupted, {
      code: 'INTERRUPTED',
      message: `Interrupted after ${done.length} of ${cases.length}.`,
    });
  }
}

function report(results: readonly CaseResult[], durationMs: number, lab: string, json: boolean): void {
  const wrong = results.filter(({ differences }) => differences.length > 0);
  process.exitCode = wrong.length > 0 ? EXIT.failed : EXIT.ok;
  if (json) {
    process.stdout.write(jsonText({ schema: 'labproof/lab-test/v1', lab, durationMs, cases: results }));
    return;
  }
  for (const { kind, id, differences } of wrong) {
    process.stdout.write(safe(`✗ ${kind === 'trial' ? 'trial ' : ''}${id}\n`));
    for (const difference of differences) process.stdout.write(safe(`    ${difference.replaceAll('\n', '\n    ')}\n`));
  }
  const seconds = (durationMs / 1000).toFixed(1);
  process.stdout.write(
    safe(`${lab}: ${results.length - wrong.length} of ${results.length} as expected, in ${seconds} s.\n`),
  );
}

const BAR = 24;

/** One line that is redrawn on a terminal; nothing elsewhere. */
function progress(total: number) {
  const shown = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  const show = (done: readonly CaseResult[]) => {
    if (!shown) return;
    const filled = Math.round((done.length / total) * BAR);
    const wrong = done.filter(({ differences }) => differences.length > 0).length;
    process.stderr.write(
      `\r\x1b[K${'#'.repeat(filled)}${'.'.repeat(BAR - filled)} ${done.length}/${total}${wrong > 0 ? `, ${wrong} not as expected` : ''}`,
    );
  };
  return Object.assign(show, { end: () => void (shown && process.stderr.write('\r\x1b[K')) });
}
