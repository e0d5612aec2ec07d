/** The pieces of a write-up as Markdown: pure functions of what is known. What is not known says so. */
import type { Evidence, Finding } from '../check.ts';
import { code, fence, inline, quote, table } from '../lib/markdown.ts';
import { brief, commandText } from '../lib/terminal-text.ts';
import type { Result } from '../run/result.ts';
import { isRight } from '../run/session.ts';
import {
  type CheckView,
  checkView,
  type QuestionView,
  type ReportInput,
  type Seen,
  stepOf,
  verdictOf,
} from './view.ts';

const OPEN = '_Not answered yet._';
const KINDS = ['terminal', 'record', 'document', 'table'] as const satisfies readonly Evidence['kind'][];
type Kind = (typeof KINDS)[number];

/** `2026-11-23 10:00:00 UTC` */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The top of every write-up, the same for all labs: which lab, which cloud, when, how many points. */
export function headOf({ lab, session, result, now }: ReportInput): string {
  const cloud = result?.cloud ?? session?.cloud;
  const version = result?.lab ?? lab;
  const rows = [
    ['Lab', `${code(version.id)} ${code(version.version)}, ${code(version.digest)}`],
    ['Cloud', cloud ? cloudText(cloud) : '_No cloud was looked at._'],
    ...(session ? [['Begun', utc(session.startedAt)]] : []),
    ['Verified', result ? utc(Date.parse(result.startedAt)) : '_Not verified yet._'],
    [
      'Result',
      result ? `${result.verdict}, ${result.points.earned} of ${result.points.possible} points` : '_None yet._',
    ],
    ['Written', utc(now)],
  ];
  return `# ${inline(lab.title)}\n\n${table(['Write-up', ''], rows)}`;
}

/** A table of the steps with their verdicts and points. */
export function overview({ lab, result }: ReportInput): string {
  const rows = lab.steps.map(({ id, title, checks }) => {
    const step = result?.steps.find((candidate) => candidate.id === id);
    const possible = checks.reduce((sum, { points }) => sum + points, 0);
    return [
      inline(title),
      step?.verdict ?? 'not verified',
      step ? `${step.points.earned} of ${step.points.possible}` : `– of ${possible}`,
    ];
  });
  return table(['Step', 'Verdict', 'Points'], rows);
}

/** A table of what each of the lab's names is in this account. */
export function resources(input: ReportInput): string {
  return table(
    ['Resource', 'In this account'],
    Object.entries(input.lab.resources).map(([name, { label }]) => [inline(label), resource(input, name)]),
  );
}

export function resource({ lab, result }: ReportInput, name: string): string {
  if (!lab.resources[name]) throw new Error(`the lab has no resource "${name}"`);
  if (!result) return '_not looked up_';
  const id = result.resources[name];
  return id ? code(brief(id)) : '_not found_';
}

/** A question with the learner's answer. */
export function answer(view: QuestionView): string {
  return `**${inline(view.question.prompt)}**\n\n${reply(view)}`;
}

/** The learner's answer alone, for a place that asks already; of a prediction also what is right and why, once it was made. */
export function reply({ question, answer: given }: QuestionView): string {
  if (!given) return question.kind === 'text' && question.stem ? `${OPEN}\n\n${quote(question.stem)}` : OPEN;
  if (question.kind === 'text') return quote(String(given.value));
  const chosen = question.options[Number(given.value)] ?? '';
  const verdict = isRight(question, given)
    ? 'Right.'
    : `Not right; right is “${inline(question.options[question.answer] ?? '')}”.`;
  const what = question.when === 'before' ? 'Prediction' : 'Choice';
  return `${what}, ${utc(given.at)}:\n\n${quote(chosen)}\n\n_${verdict}_ ${inline(question.explanation)}`;
}

/** The checks of a step with verdicts and points, and every finding. */
export function verdicts(input: ReportInput, stepId: string): string {
  const views = stepOf(input.lab, stepId).checks.map(({ id }) => checkView(input, id));
  const rows = views.map((view) => [
    inline(view.title),
    verdictOf(view),
    view.result ? `${view.result.points.earned} of ${view.result.points.possible}` : `– of ${view.possible}`,
    view.first ? utc(view.first.at) : '–',
  ]);
  const findings = views.flatMap((view) => (view.result?.findings ?? []).map(finding));
  return [table(['Check', 'Verdict', 'Points', 'First passed'], rows), ...findings].join('\n\n');
}

/** A finding with what was expected, what is there and its fix. */
export function finding({ code: name, severity, message, expected, actual, fix }: Finding): string {
  const lines = [
    `${code(name)} (${severity}): ${inline(brief(message))}`,
    expected === undefined ? '' : `Expected: ${inline(brief(expected))}`,
    actual === undefined ? '' : `Found: ${inline(brief(actual))}`,
    fix?.console === undefined ? '' : `In the console: ${inline(brief(fix.console))}`,
    fix?.docs === undefined ? '' : `AWS documentation: ${code(fix.docs)}`,
  ].filter(Boolean);
  return [lines.join('\\\n'), ...(fix?.command === undefined ? [] : [fence(commandText(fix.command), 'sh')])].join(
    '\n\n',
  );
}

/** What the newest verification shows of a check, else what was seen when it first passed. */
export function evidence(view: CheckView, kinds: readonly Kind[]): string {
  const now = ofKinds(view.now, kinds);
  const first = ofKinds(view.first, kinds);
  return now ? shown(now, 'seen') : first ? shown(first, 'seen when the check first passed,') : missing(view);
}

/** What was seen when the check first passed: the picture from before. Without one, the newest, and it says so. */
export function firstEvidence(view: CheckView, kinds: readonly Kind[]): string {
  const first = ofKinds(view.first, kinds);
  if (first) return shown(first, 'seen when the check first passed,');
  const now = ofKinds(view.now, kinds);
  return now ? shown(now, 'no earlier picture was kept; seen') : missing(view);
}

/** `terminal, record`, as a template writes it. All kinds where nothing is written. */
export function kindsOf(text = KINDS.join(', ')): readonly Kind[] {
  return text.split(',').map((word) => {
    const kind = KINDS.find((candidate) => candidate === word.trim());
    if (!kind) throw new Error(`there is no evidence of the kind "${word.trim()}", only ${KINDS.join(', ')}`);
    return kind;
  });
}

function ofKinds(seen: Seen | undefined, kinds: readonly Kind[]): Seen | undefined {
  const found = seen?.evidence.filter(({ kind }) => kinds.includes(kind));
  return seen && found && found.length > 0 ? { at: seen.at, evidence: found } : undefined;
}

function missing(view: CheckView): string {
  return `_No evidence: the check “${inline(view.title)}” is ${verdictOf(view)}._`;
}

function shown({ at, evidence: pieces }: Seen, when: string): string {
  return pieces
    .map((piece) => `${inline(brief(piece.title))} (${when} ${utc(at)}):\n\n${piecewise(piece)}`)
    .join('\n\n');
}

/** A policy has at most 10,240 characters, a query 10,000; what is kept of a command's output has 24,000. */
const LONGEST_BLOCK = 24_000;

function piecewise({ kind, content }: Evidence): string {
  switch (kind) {
    case 'terminal':
      return fence(brief(content, LONGEST_BLOCK));
    case 'document':
      return fence(brief(content, LONGEST_BLOCK), isJson(content) ? 'json' : 'text');
    case 'table':
      return cells(content.split('\n'));
    case 'record':
      return record(content);
  }
}

/** A flow-log record: the line as it was logged, then what each field says as a table. */
function record(content: string): string {
  const lines = content.split('\n');
  const start = lines.findIndex((line) => line.includes(' | '));
  if (start < 0) return fence(brief(content, LONGEST_BLOCK));
  const raw = lines.slice(0, start).join('\n').trim();
  return [...(raw ? [fence(brief(raw, LONGEST_BLOCK))] : []), cells(lines.slice(start))].join('\n\n');
}

/** A route table has at most 1000 routes (Amazon VPC quotas). */
const MOST_ROWS = 1000;

function cells(lines: readonly string[]): string {
  const filled = lines.filter((line) => line.trim() !== '');
  const [header = [], ...rows] = filled
    .slice(0, MOST_ROWS + 1)
    .map((line) => line.split(' | ').map((cell) => inline(brief(cell))));
  const width = header.length;
  const more = filled.length - 1 - rows.length;
  const shown = table(
    header,
    rows.map((row) => (row.length > width ? [...row.slice(0, width - 1), row.slice(width - 1).join(' \\| ')] : row)),
  );
  return more > 0 ? `${shown}\n\n_And ${more} more rows._` : shown;
}

function cloudText({ kind, account, region }: Result['cloud']): string {
  const where = `account ${code(account)}, region ${code(region)}`;
  // The sandbox's clock may run faster than ours, so its evidence may be dated later than this report.
  if (kind === 'sandbox') return `the sandbox (simulated AWS, with a clock of its own), ${where}`;
  return `${kind === 'aws' ? 'AWS' : 'a snapshot of AWS'}, ${where}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
