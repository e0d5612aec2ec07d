/** Verifications as JUnit XML, for the test tabs of CI systems: a suite a step, a case a check. Pure. */
import type { Finding, Verdict } from '../check.ts';
import { brief, commandText, safe } from '../lib/terminal-text.ts';
import { detailsOf } from '../run/finding.ts';
import type { CheckResult, Result, StepResult } from '../run/result.ts';

/** Whose result it is: the lab's id, or a learner's where many are graded. */
export interface NamedResult {
  readonly name: string;
  readonly result: Result;
  /** Said of each of its suites, beside the result's own. */
  readonly properties?: Readonly<Record<string, string | number>>;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
const FOOT = '</testsuites>\n';

/**
 * Keeps to what both of the schemas in use allow: Ant's (JUnit.xsd of windyroad/JUnit-Schema: the order of elements, and
 * all of these attributes) and Jenkins' (junit-10.xsd of jenkinsci/xunit-plugin).
 */
export function junitXml(results: readonly NamedResult[]): string {
  let first = 0;
  const suites = results.map((named) => {
    const xml = suitesXml(named, first);
    first += named.result.steps.length;
    return xml;
  });
  return `${HEAD}${suites.join('')}${FOOT}`;
}

/** The same document in pieces: one result is held at a time. */
export async function* junitStream(results: AsyncIterable<NamedResult>): AsyncGenerator<string> {
  yield HEAD;
  let first = 0;
  for await (const named of results) {
    yield suitesXml(named, first);
    first += named.result.steps.length;
  }
  yield FOOT;
}

function suitesXml(named: NamedResult, first: number): string {
  return named.result.steps.map((step, index) => `${suiteXml(named, step, first + index)}\n`).join('');
}

function suiteXml({ name, result, properties = {} }: NamedResult, step: StepResult, id: number): string {
  const failedInSight = result.steps.some(({ checks }) => checks.some(({ verdict }) => FAILED.includes(verdict)));
  const cases = step.checks.map((check) => ({ check, outcome: outcomeOf(check, failedInSight) }));
  const count = (element: Outcome['element']) => cases.filter(({ outcome }) => outcome.element === element).length;
  const head = attributes({
    id,
    package: name,
    name: `${step.id}: ${step.title}`,
    // Ant's schema knows no time zone here: it is UTC.
    timestamp: result.startedAt.slice(0, 19),
    hostname: 'localhost',
    tests: step.checks.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(step.checks.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  });
  return [
    `  <testsuite${head}>`,
    '    <properties>',
    ...[...propertiesOf(result, step), ...Object.entries(properties)].map(
      ([key, value]) => `      <property${attributes({ name: key, value })}/>`,
    ),
    '    </properties>',
    ...cases.map(({ check, outcome }) => caseXml(`${name}.${step.id}`, check, outcome)),
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
  ].join('\n');
}

/** JUnit has no field for points: they are the suite's properties, where both schemas allow them. */
function propertiesOf({ lab, cloud }: Result, step: StepResult): readonly (readonly [string, string | number])[] {
  return [
    ['lab', lab.id],
    ['lab.version', lab.version],
    ['lab.digest', lab.digest],
    ['cloud', cloud.kind],
    ['account', cloud.account],
    ['region', cloud.region],
    ['step', step.id],
    ['verdict', step.verdict],
    ['points.earned', step.points.earned],
    ['points.possible', step.points.possible],
    ...step.checks.flatMap(({ id, points }): [string, number][] => [
      [`${id}.points.earned`, points.earned],
      [`${id}.points.possible`, points.possible],
    ]),
  ];
}

type Outcome =
  | { readonly element: 'none' }
  | { readonly element: 'failure' | 'error' | 'skipped'; readonly type: string; readonly message: string };

const FAILED: readonly Verdict[] = ['fail', 'partial'];

/**
 * CI systems do not turn red for what is skipped (GitLab and Jenkins count it beside the passed ones), and labproof's own
 * exit code would be 1 or 3. So what could not be told, or not yet, is an error. Only a blocked check is skipped, and only
 * where the failure is in the same document: `--step` may have left out the one that it comes after.
 */
function outcomeOf({ verdict, findings }: CheckResult, failedInSight: boolean): Outcome {
  if (verdict === 'pass') return { element: 'none' };
  const first = findings.find(({ severity }) => severity === 'error') ?? findings[0];
  const said = {
    type: first?.code ?? verdict.toUpperCase(),
    message: `${verdict}: ${brief(first?.message ?? verdict)}`,
  };
  if (FAILED.includes(verdict)) return { element: 'failure', ...said };
  if (verdict === 'blocked') return { element: failedInSight ? 'skipped' : 'failure', ...said };
  return { element: 'error', ...said };
}

function caseXml(classname: string, { id, title, durationMs, findings }: CheckResult, outcome: Outcome): string {
  const head = attributes({ classname, name: `${id}: ${title}`, time: seconds(durationMs) });
  if (outcome.element === 'none') return `    <testcase${head}/>`;
  const { element, type, message } = outcome;
  return [
    `    <testcase${head}>`,
    `      <${element}${attributes({ type, message })}>${text(findings.map(findingText).join('\n\n'))}</${element}>`,
    '    </testcase>',
  ].join('\n');
}

/** A finding in plain text of several lines. */
export function findingText(finding: Finding): string {
  const details = detailsOf(finding).map(
    ([label, value]) => `  ${label}: ${label === 'command' ? commandText(value) : brief(value)}`,
  );
  return [`${finding.code}: ${brief(finding.message)}`, ...details].join('\n');
}

function seconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${text(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
}

/** Without what XML 1.0 has no way to write (section 2.2, "Characters"): control characters, U+FFFE and U+FFFF. */
function text(value: string): string {
  return safe(value)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
