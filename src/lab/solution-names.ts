/** Are the names in a reference solution known when they are used, whatever the learner has done by hand before? */
import { suggestion } from '../lib/nearest.ts';
import type { LabProblem } from './problem.ts';
import { CLOUD_NAMES, type LabData, type SolutionCall } from './schema.ts';
import type { Path, Source } from './source.ts';

export function solutionProblems(lab: LabData, source: Source): readonly LabProblem[] {
  const resources = Object.keys(lab.resources);
  const reserved: readonly string[] = CLOUD_NAMES;
  return [
    ...resources
      .filter((name) => reserved.includes(name))
      .map((name) => source.problemAtKey('RESERVED_NAME', ['resources', name], `${name} has a meaning of its own.`)),
    ...lab.steps.flatMap((step, index) => callProblems(step.solution, ['steps', index, 'solution'], resources, source)),
  ];
}

/** @param calls In their order in the file; undefined where something else than a call stands. */
export function callProblems(
  calls: readonly (SolutionCall | undefined)[],
  list: Path,
  resources: readonly string[],
  source: Source,
): readonly LabProblem[] {
  const problems: LabProblem[] = [];
  /** Saved name -> the resource without whose making it is not saved. */
  const saved = new Map<string, string | undefined>();
  for (const [index, call] of calls.entries()) {
    if (!call) continue;
    const path = [...list, index];
    const known = [
      ...resources,
      ...CLOUD_NAMES,
      ...[...saved].filter(([, makes]) => makes === undefined || makes === call.makes).map(([name]) => name),
    ];
    for (const [text, at] of textsIn(call.input, [...path, 'input']))
      for (const [whole, name] of text.replaceAll('$${', '').matchAll(/\$\{([A-Za-z][A-Za-z0-9]*)\}|\$\{/g))
        if (name === undefined)
          problems.push(
            source.problem(
              'UNKNOWN_NAME',
              at,
              `After ${whole} comes a name and }: \${vpc1}, for one. (For \${ itself, write $\${.)`,
            ),
          );
        else if (!known.includes(name))
          problems.push(source.problem('UNKNOWN_NAME', at, whyUnknown(name, saved, known)));

    if (call.makes !== undefined) problems.push(...makesProblems(call, call.makes, path, calls, resources, source));
    for (const name of Object.keys(call.save ?? {})) {
      const at = [...path, 'save', name];
      const names: readonly string[] = CLOUD_NAMES;
      if (names.includes(name))
        problems.push(source.problemAtKey('RESERVED_NAME', at, `${name} has a meaning of its own.`));
      if (call.ignore)
        problems.push(
          source.problemAtKey('NOT_SAVED', at, 'A call whose error is ignored gives nothing: save it by a later one.'),
        );
      if (!resources.includes(name)) saved.set(name, call.makes);
    }
  }
  return problems;
}

function whyUnknown(name: string, saved: ReadonlyMap<string, string | undefined>, known: readonly string[]): string {
  const makes = saved.get(name);
  return makes === undefined
    ? `Nothing is known as \${${name}} here.${suggestion(name, known)}`
    : `\${${name}} is saved only where ${makes} is made, and this call is sent also where it was there already: look it up.`;
}

function makesProblems(
  call: SolutionCall,
  makes: string,
  path: Path,
  calls: readonly (SolutionCall | undefined)[],
  resources: readonly string[],
  source: Source,
): readonly LabProblem[] {
  const at = [...path, 'makes'];
  if (!resources.includes(makes))
    return [
      source.problem(
        'UNKNOWN_RESOURCE',
        at,
        `There is no resource ${JSON.stringify(makes)}.${suggestion(makes, resources)}`,
      ),
    ];
  const isSaved = calls.some((other) => other?.makes === makes && Object.hasOwn(other.save ?? {}, makes));
  if (isSaved || calls.find((other) => other?.makes === makes) !== call) return [];
  return [
    source.problem('NOT_SAVED', at, `No call that makes ${makes} saves it as ${makes}, so later calls cannot use it.`),
  ];
}

/** Every text in an input, with its path. */
function* textsIn(value: unknown, path: Path): Generator<readonly [string, Path]> {
  if (typeof value === 'string') yield [value, path];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...path, key]);
}
