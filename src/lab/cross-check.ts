/** What the schema cannot see: names that must exist, fit together, and come in the right order. */
import type { ParameterKind } from '../check.ts';
import { suggestion } from '../lib/nearest.ts';
import type { Registry } from './checks.ts';
import type { LabProblem } from './problem.ts';
import type { CheckUse, LabData, LabQuestion, ResourceSpec, Step } from './schema.ts';
import { solutionProblems } from './solution-names.ts';
import type { Path, Source } from './source.ts';

/** Every problem, in no order that means anything. */
export function crossCheck(lab: LabData, source: Source, checks: Registry): readonly LabProblem[] {
  const uses = lab.steps.flatMap((step, s) =>
    step.checks.map((use, c): Placed<CheckUse> => [use, ['steps', s, 'checks', c]]),
  );
  const questions = [
    ...lab.steps.flatMap((step, s) => step.questions.map(placed<LabQuestion>(['steps', s, 'questions']))),
    ...lab.questions.map(placed<LabQuestion>(['questions'])),
  ];
  return [
    ...resourceProblems(lab, source),
    ...repeated('step', lab.steps.map(placed<Step>(['steps'])), source),
    ...repeated('check', uses, source),
    ...repeated('question', questions, source),
    ...uses.flatMap(([use, path]) => parameterProblems(use, path, lab, source, checks)),
    ...orderProblems(uses, source),
    ...questions.flatMap(([question, path]) =>
      question.kind === 'choice' && question.answer >= question.options.length
        ? [
            source.problem(
              'ANSWER_OUT_OF_RANGE',
              [...path, 'answer'],
              `There is no option ${question.answer}: the last is ${question.options.length - 1} (the first is 0).`,
            ),
          ]
        : [],
    ),
    ...pointsProblems(uses, source),
    ...solutionProblems(lab, source),
  ];
}

type Placed<T> = readonly [T, Path];

function placed<T>(list: Path): (item: T, index: number) => Placed<T> {
  return (item, index) => [item, [...list, index]];
}

function resourceProblems({ resources }: LabData, source: Source): readonly LabProblem[] {
  const problems: LabProblem[] = [];
  const refer = (path: Path, name: string | undefined, kind: ResourceSpec['kind']) => {
    if (name !== undefined) problems.push(...referenceProblems(name, kind, path, resources, source));
  };
  for (const [name, spec] of Object.entries(resources)) {
    const path = ['resources', name];
    switch (spec.kind) {
      case 'vpc':
        refer([...path, 'peeredWith'], spec.peeredWith, 'vpc');
        break;
      case 'instance':
        refer([...path, 'vpc'], spec.vpc, 'vpc');
        break;
      case 'subnet':
        refer([...path, 'vpc'], spec.vpc, 'vpc');
        refer([...path, 'instance'], spec.instance, 'instance');
        break;
      case 'routeTable':
        refer([...path, 'subnet'], spec.subnet, 'subnet');
        break;
      case 'peering':
        for (const [index, vpc] of spec.between.entries()) refer([...path, 'between', index], vpc, 'vpc');
        if (spec.between[0] === spec.between[1])
          problems.push(
            source.problem('SAME_VPC', [...path, 'between'], 'A peering connection is between two different VPCs.'),
          );
        break;
      case 'flowLog':
        refer([...path, 'instance'], spec.instance, 'instance');
        refer([...path, 'vpc'], spec.vpc, 'vpc');
        break;
      case 'logGroup':
      case 'role':
        refer([...path, 'flowLog'], spec.flowLog, 'flowLog');
    }
  }
  return problems;
}

function referenceProblems(
  name: string,
  kind: ResourceSpec['kind'],
  path: Path,
  resources: LabData['resources'],
  source: Source,
): readonly LabProblem[] {
  const spec = Object.hasOwn(resources, name) ? resources[name] : undefined;
  const ofKind = Object.keys(resources).filter((other) => resources[other]?.kind === kind);
  if (!spec)
    return [
      source.problem(
        'UNKNOWN_RESOURCE',
        path,
        `There is no resource ${JSON.stringify(name)}.${suggestion(name, ofKind)}`,
      ),
    ];
  if (spec.kind !== kind)
    return [
      source.problem(
        'WRONG_KIND',
        path,
        `${name} is a ${spec.kind}; a ${kind} belongs here.${suggestion(name, ofKind)}`,
      ),
    ];
  return [];
}

function repeated(
  what: string,
  items: readonly Placed<{ readonly id: string }>[],
  source: Source,
): readonly LabProblem[] {
  const seen = new Set<string>();
  return items.flatMap(([{ id }, path]) => {
    if (seen.has(id)) return [source.problem('DUPLICATE_ID', [...path, 'id'], `Another ${what} has the id ${id}.`)];
    seen.add(id);
    return [];
  });
}

function parameterProblems(
  use: CheckUse,
  path: Path,
  lab: LabData,
  source: Source,
  checks: Registry,
): readonly LabProblem[] {
  const check = Object.hasOwn(checks, use.use) ? checks[use.use] : undefined;
  if (!check) {
    const message = `There is no check ${JSON.stringify(use.use)}.${suggestion(use.use, Object.keys(checks))}`;
    return [source.problem('UNKNOWN_CHECK', [...path, 'use'], message)];
  }
  const names = Object.keys(check.params);
  const unknown = Object.keys(use.with).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) =>
      source.problemAtKey(
        'UNKNOWN_PARAMETER',
        [...path, 'with', name],
        `${use.use} has no parameter ${JSON.stringify(name)}.${suggestion(name, names)}`,
      ),
    ),
    ...Object.entries(check.params).flatMap(([name, kind]) => {
      const value = Object.hasOwn(use.with, name) ? use.with[name] : undefined;
      if (value === undefined)
        return [source.problem('MISSING_PARAMETER', [...path, 'with'], `${use.use} needs ${name} (${wordFor(kind)}).`)];
      return valueProblems(value, kind, [...path, 'with', name], lab, source);
    }),
  ];
}

function valueProblems(
  value: string | number,
  kind: ParameterKind,
  path: Path,
  lab: LabData,
  source: Source,
): readonly LabProblem[] {
  const bad = [source.problem('BAD_PARAMETER', path, `${JSON.stringify(value)} is not ${wordFor(kind)}.`)];
  if (kind === 'number') return typeof value === 'number' ? [] : bad;
  if (typeof value !== 'string') return bad;
  if (kind === 'text') return [];
  if (typeof kind === 'string') return referenceProblems(value, kind, path, lab.resources, source);
  return kind.includes(value) ? [] : bad;
}

function wordFor(kind: ParameterKind): string {
  if (kind === 'number') return 'a number';
  if (kind === 'text') return 'a text';
  return typeof kind === 'string' ? `the name of a ${kind}` : `one of ${kind.join(', ')}`;
}

function orderProblems(uses: readonly Placed<CheckUse>[], source: Source): readonly LabProblem[] {
  const all = uses.map(([{ id }]) => id);
  const before: string[] = [];
  return uses.flatMap(([use, path]) => {
    const problems = use.after.flatMap((id, index) => {
      if (before.includes(id)) return [];
      const message = all.includes(id)
        ? `${id} does not come before ${use.id}; a check can only come after an earlier one.`
        : `There is no check with the id ${id}.${suggestion(id, before)}`;
      return [source.problem('BAD_AFTER', [...path, 'after', index], message)];
    });
    before.push(use.id);
    return problems;
  });
}

function pointsProblems(uses: readonly Placed<CheckUse>[], source: Source): readonly LabProblem[] {
  const total = uses.reduce((sum, [{ points }]) => sum + points, 0);
  const message = `The points of all checks are ${total} together; they must be 100.`;
  return total === 100 ? [] : [source.problemAtKey('POINTS_NOT_100', ['steps'], message)];
}
