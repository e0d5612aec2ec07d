/** The progress of a class on stderr: one line that is redrawn on a terminal, plain lines now and then elsewhere. */
import type { Grade } from '../grade/grade.ts';
import { safe } from '../lib/terminal-text.ts';
import { progressLine, troubleLine } from '../plain/grading.ts';

/** Without a terminal, not more often than this. */
const LINES_MS = 10_000;
const REDRAW_MS = 100;

function isLive(): boolean {
  return process.stderr.isTTY === true && process.env.TERM !== 'dumb';
}

/** A line of its own, in place of the progress, which is drawn again below. */
export function tellAbove(message: string): void {
  process.stderr.write(`${isLive() ? '\r\x1b[K' : ''}labproof: ${safe(message)}\n`);
}

/** The numbers tell more than the bar. */
function fitted(text: string, width: number): string {
  return (text.length > width ? text.replace(/^\[[#.]*\] /, '') : text).slice(0, width);
}

export function showGrading(total: number, before: readonly Grade[]) {
  const live = isLive();
  const started = Date.now();
  const standing = new Map(before.map(({ learner, status }) => [learner, status]));
  let now = 0;
  let shownAt = live ? 0 : started;

  function draw(last: boolean): void {
    const time = Date.now();
    if (!last && time - shownAt < (live ? REDRAW_MS : LINES_MS)) return;
    shownAt = time;
    const unknown = [...standing.values()].filter((status) => status === 'unknown').length;
    const text = progressLine({ done: standing.size, total, unknown, now, elapsedMs: time - started });
    if (live) process.stderr.write(`\r\x1b[K${fitted(text, (process.stderr.columns ?? 80) - 1)}${last ? '\n' : ''}`);
    else process.stderr.write(`${text}\n`);
  }

  return {
    seen(grade: Grade, again: boolean): void {
      standing.set(grade.learner, grade.status);
      now += 1;
      if (grade.status === 'unknown') {
        process.stderr.write(`${live ? '\r\x1b[K' : ''}${troubleLine(grade.learner, grade.reason, again)}\n`);
        shownAt = live ? 0 : shownAt;
      }
      draw(false);
    },
    end: () => draw(true),
  };
}
