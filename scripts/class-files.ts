/** The files of a grading, made comparable with those of another of the same class. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grade } from '../src/grade/grade.ts';
import type { Result } from '../src/run/result.ts';

/** Of `grades.json`, by learner. */
export function gradesIn(out: string): ReadonlyMap<string, Grade> {
  const { learners } = JSON.parse(readFileSync(join(out, 'grades.json'), 'utf8')) as { learners: { grade: Grade }[] };
  return new Map(learners.map(({ grade }) => [grade.learner, grade]));
}

/**
 * Every file but the journal, whose lines stand in the order in which they came. The times at which a learner was graded
 * are put out of it, exactly these; and of a live account, when it was looked at and how long that took.
 */
export function filesOf(out: string): ReadonlyMap<string, string> {
  const times = [...gradesIn(out).values()].flatMap(({ gradedAt, submittedAt }) => [gradedAt, submittedAt]);
  const forms = times.flatMap((time) => {
    const seconds = time.slice(0, 19);
    return [time, `${seconds.replace('T', ' ')} UTC`];
  });
  const pattern = new RegExp([...new Set(forms)].map((form) => form.replaceAll('.', '\\.')).join('|'), 'g');
  const names = globSync('**/*', { cwd: out, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'journal.jsonl')
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    names.map((file) => {
      const name = file.slice(out.length + 1);
      // By the cloud's clock, in a command that is told.
      const text = readFileSync(file, 'utf8').replace(/--(start|end)-time \d+/g, '--$1-time TIME');
      if (/^results\/live-/.test(name)) return [name, withoutDurations(text)];
      if (/^results\//.test(name)) return [name, text];
      const timeless = text.replace(pattern, 'TIME');
      return [name, /^gradescope\/live-/.test(name) ? timeless.replace(/"execution_time": [\d.]+/, '') : timeless];
    }),
  );
}

function withoutDurations(text: string): string {
  const result = JSON.parse(text) as Result;
  const steps = result.steps.map((step) => ({
    ...step,
    checks: step.checks.map((check) => ({ ...check, durationMs: 0 })),
  }));
  return JSON.stringify({ ...result, startedAt: '', durationMs: 0, steps });
}

export function differing(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((name) => {
    const [one, other] = [expected.get(name), found.get(name)];
    if (one === other) return [];
    if (one === undefined || other === undefined) return [`${name} is only ${one === undefined ? 'here' : 'there'}`];
    const at = [...one].findIndex((letter, index) => letter !== other[index]);
    return [`${name} differs at ${at}: ${one.slice(at - 60, at + 60)} / ${other.slice(at - 60, at + 60)}`];
  });
}
