/** What a verification says: the document of `verify --json`, and the only thing that screens, reports and grades see. */
import type { Evidence, Finding, Verdict } from '../check.ts';

export interface Points {
  readonly earned: number;
  readonly possible: number;
}

export interface CheckResult {
  readonly id: string;
  readonly use: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly points: Points;
  readonly durationMs: number;
  readonly findings: readonly Finding[];
  readonly evidence: readonly Evidence[];
}

export interface StepResult {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly points: Points;
  readonly checks: readonly CheckResult[];
}

export interface Result {
  readonly schema: 'labproof/result/v1';
  readonly lab: { readonly id: string; readonly version: string; readonly digest: string };
  readonly cloud: { readonly kind: 'aws' | 'sandbox' | 'snapshot'; readonly account: string; readonly region: string };
  readonly verdict: Verdict;
  readonly points: Points;
  /** What each of the lab's names was bound to; null where nothing was found. */
  readonly resources: Readonly<Record<string, string | null>>;
  readonly steps: readonly StepResult[];
  readonly calls: { readonly total: number; readonly byOperation: Readonly<Record<string, number>> };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
}
