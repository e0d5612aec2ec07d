/** The catalogue of checks as text for people: what `labproof check list` and `check show` print without `--json`. */
import wrapAnsi from 'wrap-ansi';
import type { ParameterKind } from '../check.ts';
import { safe } from '../lib/terminal-text.ts';
import type { QuestionKind } from '../model/account.ts';

/** A check as it is described: plain data, which is also what `check show --json` prints. */
export interface CheckDescription {
  readonly id: string;
  readonly title: string;
  readonly params: readonly { readonly name: string; readonly kind: ParameterKind }[];
  readonly needs: readonly string[];
  readonly uses: readonly string[];
  readonly mayAsk: readonly QuestionKind[];
  /** The IAM actions of all that, with the resources that each is needed on. */
  readonly actions: readonly { readonly action: string; readonly resources: readonly string[] }[];
  readonly codes: Readonly<Record<string, string>>;
  /** What any check may say. */
  readonly commonCodes: Readonly<Record<string, string>>;
}

/** Of text that is broken: in a narrower window it goes over the edge. */
const LEAST_WIDTH = 20;
const INDENT = '  ';

/** What each kind of question asks for. */
const QUESTIONS: Readonly<Record<QuestionKind, string>> = {
  role: 'a role with all its policies',
  ping: 'a ping that Systems Manager sends now',
  pings: "pings in Run Command's history",
  logStreams: "a log group's streams",
  logEvents: 'log events that contain some words',
  queries: 'the latest Logs Insights queries, with their results',
  elsewhere: 'what the other Regions hold',
};

/** One check a row, its id first; the title under it where the window is too narrow for both. */
export function checkListText(
  checks: readonly { readonly id: string; readonly title: string }[],
  width: number,
): string {
  const column = Math.max(0, ...checks.map(({ id }) => id.length)) + 2;
  const fits = width - column >= LEAST_WIDTH;
  return checks
    .flatMap(({ id, title }) => {
      if (!fits) return [id, ...wrapped(title, INDENT, width)];
      const [first = '', ...more] = wrapped(title, ' '.repeat(column), width);
      return [id.padEnd(column) + first.trimStart(), ...more];
    })
    .map(safe)
    .join('\n');
}

export function checkShowText(check: CheckDescription, width: number): string {
  const { id, title, params, needs, uses, mayAsk, actions, codes, commonCodes } = check;
  const list = (texts: readonly string[]) => (texts.length === 0 ? [] : wrapped(texts.join(', '), INDENT, width));
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Parameters', params.map(({ name, kind }) => `${INDENT}${name}: ${kindText(kind)}`)],
    ['Needs', list(needs)],
    ['Reads where it can', list(uses)],
    ['May ask for', mayAsk.flatMap((kind) => wrapped(QUESTIONS[kind], INDENT, width))],
    ['AWS actions', actions.map(({ action }) => `${INDENT}${action}`)],
    ['What it may find', codesText(codes, width)],
    ['What any check may say', codesText(commonCodes, width)],
  ];
  const head = [...wrapped(title, '', width), id];
  const rest = sections.flatMap(([name, lines]) => (lines.length === 0 ? [] : ['', name, ...lines]));
  return safe([...head, ...rest].join('\n'));
}

function codesText(codes: Readonly<Record<string, string>>, width: number): readonly string[] {
  return Object.entries(codes).flatMap(([code, meaning]) => [
    `${INDENT}${code}`,
    ...wrapped(meaning, INDENT.repeat(2), width),
  ]);
}

function kindText(kind: ParameterKind): string {
  return typeof kind === 'string' ? kind : kind.join(' | ');
}

function wrapped(text: string, indent: string, width: number): readonly string[] {
  return wrapAnsi(text, Math.max(LEAST_WIDTH, width - indent.length))
    .split('\n')
    .map((line) => indent + line);
}
