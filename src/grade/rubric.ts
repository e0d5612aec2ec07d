/** How a class is marked: points, pass mark, what is hidden, lateness, and what must be a learner's own. */
import { z } from 'zod';
import { decode, readBytes } from '../lab/file.ts';
import { LabError, type LabProblem } from '../lab/problem.ts';
import type { Lab } from '../lab/schema.ts';
import { parseSource, type Source } from '../lab/source.ts';
import { validate } from '../lab/validate.ts';
import { nearest, suggestion } from '../lib/nearest.ts';

const percent = z.number().min(0).max(100);

const rubricSchema = z.strictObject({
  /** Percent of the points that pass. */
  pass: percent.default(60),
  /** By the lab's ids. */
  checks: z
    .record(
      z.string(),
      z.strictObject({
        points: z.number().min(0).max(1000).optional(),
        /** Learners are told only that there are such checks, and how many. */
        hidden: z.boolean().default(false),
      }),
    )
    .default({}),
  /** By when the newest of the lab's resources whose age AWS tells was made: who hands in nothing has no other time. */
  late: z
    .strictObject({
      due: z.iso.datetime({
        offset: true,
        error: 'write a day, a time and its zone: 2026-11-30T23:59:00Z, or …+01:00',
      }),
      /** Percent of the possible points for each day begun. */
      perDay: percent,
      /** Never more than this. */
      most: percent.default(100),
    })
    .optional(),
  /**
   * What shows that the work is a learner's own, by the lab's names of resources. `${learner}`, `${name}`, `${account}` and
   * the roster's other columns may stand in it: `10.${number}.0.0/16`.
   */
  own: z
    .record(
      z.string(),
      z.strictObject({
        /** One of the resource's blocks. */
        cidr: z.string().min(1).optional(),
        /** A pattern of its Name tag, with `*`. */
        name: z.string().min(1).optional(),
      }),
    )
    .default({}),
});

export type Rubric = z.infer<typeof rubricSchema>;

/** The lab's own points, and 60 percent to pass. */
export const PLAIN_RUBRIC: Rubric = rubricSchema.parse({});

/** What a text of `own` knows of each learner beside the roster's other columns. */
const ABOUT_LEARNER = ['learner', 'name', 'account'];

/**
 * @param columns The roster's other columns.
 * @throws LabError with every problem of the file
 */
export async function readRubric(file: string, lab: Lab, columns: readonly string[]): Promise<Rubric> {
  const source = parseSource(decode(await readBytes(file), file), file);
  const rubric = validate(source, rubricSchema, 'the rubric');
  const known = {
    checks: lab.steps.flatMap(({ checks }) => checks.map(({ id }) => id)),
    own: Object.keys(lab.resources),
  };
  const unknown = (['checks', 'own'] as const).flatMap((part): readonly LabProblem[] =>
    Object.keys(rubric[part])
      .filter((name) => !known[part].includes(name))
      .map((name) =>
        source.problemAtKey(
          part === 'checks' ? 'UNKNOWN_CHECK' : 'UNKNOWN_RESOURCE',
          [part, name],
          `Lab ${lab.id} has no ${part === 'checks' ? 'check' : 'resource'} ${JSON.stringify(name)}.${suggestion(name, known[part])}`,
        ),
      ),
  );
  const problems = [...unknown, ...unknownPlaceholders(rubric.own, [...ABOUT_LEARNER, ...columns], source)];
  if (problems.length > 0) throw new LabError(problems);
  return rubric;
}

/** Left as it stands, a `${…}` that no learner has would be found missing in everybody's work. */
function unknownPlaceholders(own: Rubric['own'], names: readonly string[], source: Source): readonly LabProblem[] {
  return Object.entries(own).flatMap(([resource, texts]) =>
    (['cidr', 'name'] as const).flatMap((key) => {
      const wrong = [...new Set((texts[key] ?? '').match(/\$\{[^}]*\}?/g))].filter(
        (placeholder) => !names.some((name) => placeholder === `\${${name}}`),
      );
      return wrong.map((placeholder) =>
        source.problem('UNKNOWN_COLUMN', ['own', resource, key], placeholderMessage(placeholder, names)),
      );
    }),
  );
}

function placeholderMessage(placeholder: string, names: readonly string[]): string {
  if (!placeholder.endsWith('}')) return 'The ${ here is never closed by }.';
  const meant = nearest(placeholder.slice(2, -1).trim(), names);
  const hint = meant === undefined ? '' : ` Did you mean \${${meant}}?`;
  return `Nothing is known of learners as ${placeholder}.${hint} There is: ${names.join(', ')}.`;
}
