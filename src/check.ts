/**
 * The whole public surface for writers of checks.
 *
 * A check is a pure function: it names the slices of the account that it needs, the questions it would ask beyond
 * them, and judges the answers. It does no I/O, so a judgement can be repeated, disputed, recorded and tested in a table.
 */
import type { AnswerTo, Question, QuestionKind, QuestionOf, Reading, SliceName, Slices } from './model/account.ts';

export type Verdict = 'pass' | 'partial' | 'fail' | 'waiting' | 'blocked' | 'unknown';

export interface Fix {
  /** Where to click: `VPC > Route tables > rtb-0… > Edit routes`. */
  readonly console?: string;
  /** A ready-to-paste AWS CLI command. */
  readonly command?: string;
  /** The AWS documentation page that holds the rule. */
  readonly docs?: string;
}

export interface Finding {
  /** `UPPER_SNAKE`, stable; Reachability Analyzer's code where it has one for the same cause. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Ids of the resources concerned. */
  readonly resources: readonly string[];
  readonly expected?: string;
  readonly actual?: string;
  readonly fix?: Fix;
}

export interface Evidence {
  readonly kind: 'terminal' | 'record' | 'document' | 'table';
  readonly title: string;
  /** Plain text; a table's cells are separated by ` | `, its first line is the header. */
  readonly content: string;
}

export type ResourceKind = 'vpc' | 'subnet' | 'routeTable' | 'instance' | 'peering' | 'flowLog' | 'logGroup' | 'role';

/** One of the lab's resource names, and what it was bound to in this account. */
export interface Bound {
  /** The lab's name: `vpc1`. */
  readonly name: string;
  /** For people: `VPC 1`. */
  readonly label: string;
  readonly kind: ResourceKind;
  /** The id (a log group's name, a role's ARN), or null where the account holds nothing that fits. */
  readonly id: string | null;
}

/** What a lab may hand to a check: one of its resources, a text, a number, or one of a list of words. */
export type ParameterKind = ResourceKind | 'text' | 'number' | readonly string[];
export type Parameters = Readonly<Record<string, ParameterKind>>;
export type ParameterValue<K extends ParameterKind> = K extends ResourceKind
  ? Bound
  : K extends 'text'
    ? string
    : K extends 'number'
      ? number
      : K extends readonly (infer Word)[]
        ? Word
        : never;
export type ParameterValues<P extends Parameters> = { readonly [Name in keyof P]: ParameterValue<P[Name]> };

export interface CloudIdentity {
  readonly kind: 'aws' | 'sandbox' | 'snapshot';
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov` …: the second field of every ARN of this account. */
  readonly partition: string;
}

export interface Context<P extends Parameters, N extends SliceName, U extends SliceName> {
  readonly params: ParameterValues<P>;
  readonly slices: Pick<Slices, N> & Partial<Pick<Slices, U>>;
  readonly cloud: CloudIdentity;
  /** The cloud's own clock, epoch milliseconds. */
  readonly now: number;
  /** What a question was answered, as far as it has been asked. */
  reading<Q extends Question>(question: Q): Reading<AnswerTo<Q>> | undefined;
  /** The same, for answers that the judgement cannot do without: where unread, the verdict becomes `unknown`. */
  answer<Q extends Question>(question: Q): AnswerTo<Q>;
  /** A slice of `uses` that this judgement turns out to need: where unread, the verdict becomes `unknown`. */
  slice<S extends U>(name: S): Slices[S];
}

export interface Judgement {
  readonly verdict: Exclude<Verdict, 'blocked'>;
  /** Of the points, for `partial`: between 0 and 1. */
  readonly share?: number;
  readonly findings: readonly Finding[];
  readonly evidence: readonly Evidence[];
}

export interface Check<
  P extends Parameters = Parameters,
  N extends SliceName = SliceName,
  U extends SliceName = SliceName,
  Q extends QuestionKind = QuestionKind,
> {
  readonly title: string;
  readonly params: P;
  /** Slices without which it cannot judge: one of them unread makes the verdict `unknown`. */
  readonly needs: readonly N[];
  /** Slices that help where they can be read. */
  readonly uses?: readonly U[];
  /** Every finding code with what it means, for `check show`. */
  readonly codes: Readonly<Record<string, string>>;
  /** The kinds of question that `asks` may return: from them follows what labproof must be permitted. */
  readonly mayAsk?: readonly Q[];
  /** Called again after each round of answers until it asks nothing new (at most four rounds). */
  asks?(context: Context<P, N, U>): readonly QuestionOf<NoInfer<Q>>[];
  judge(context: Context<P, N, U>): Judgement;
}

/**
 * Types a check's `judge` by its own `needs`, `uses` and `params`, and what it asks by `mayAsk`. A check is its file's
 * default export.
 */
export function defineCheck<
  const P extends Parameters,
  const N extends SliceName,
  const U extends SliceName = never,
  const Q extends QuestionKind = never,
>(check: Check<P, N, U, Q>): Check<P, N, U, Q> {
  return check;
}

export function pass(evidence: readonly Evidence[] = [], findings: readonly Finding[] = []): Judgement {
  return { verdict: 'pass', findings, evidence };
}

export function fail(findings: Finding | readonly Finding[], evidence: readonly Evidence[] = []): Judgement {
  return { verdict: 'fail', findings: 'code' in findings ? [findings] : findings, evidence };
}

/** AWS has not finished: ask again. The finding says what it waits for and how long that usually takes. */
export function waiting(finding: Finding, evidence: readonly Evidence[] = []): Judgement {
  return { verdict: 'waiting', findings: [finding], evidence };
}

/** Could not tell. Never scored as a failure of the learner. */
export function unknown(finding: Finding, evidence: readonly Evidence[] = []): Judgement {
  return { verdict: 'unknown', findings: [finding], evidence };
}
