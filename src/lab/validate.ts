/** A parsed file against the lab's schema: every issue as a problem with its place. */
import type { z } from 'zod';
import { LabError, type LabProblem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** @param what What the file should be, as its messages call it: `the lab`. @throws LabError with every problem. */
export function validate<T>(source: Source, schema: z.ZodType<T>, what: string): T {
  if (source.value === null || source.value === undefined)
    throw new LabError([source.problem('EMPTY', [], `This file is empty: ${what} is expected here.`)]);
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return parsed.data;
  throw new LabError(parsed.error.issues.flatMap((issue) => problemsOf(issue, [], source, what)));
}

function problemsOf(issue: z.core.$ZodIssue, above: Path, source: Source, what: string): readonly LabProblem[] {
  const path = [...above, ...issue.path];
  const name = nameOf(path, what);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        source.problemAtKey('UNKNOWN_KEY', [...path, key], `${name} has no ${JSON.stringify(key)}.`),
      );
    case 'invalid_key':
      return [source.problemAtKey('INVALID', path, `${name}: ${messageOf(issue.issues[0])}.`)];
    case 'invalid_union': {
      // The variant that was meant is the one with the least to complain about.
      const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
      if (nearest) return nearest.flatMap((inner) => problemsOf(inner, path, source, what));
      break;
    }
  }
  if (!source.has(path)) return [source.problem('MISSING', path, `${name} is missing.`)];
  return [source.problem('INVALID', path, `${name}: ${messageOf(issue)}.`)];
}

function messageOf(issue: z.core.$ZodIssue | undefined): string {
  return (issue?.message ?? 'invalid').replace(/^Invalid input: /, '').replace(/^Too (small|big): /, '');
}

/** `steps[2].checks[0].use`; the whole for an empty path. */
function nameOf(path: Path, whole: string): string {
  if (path.length === 0) return whole;
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
