/** What a look at an account has shown, in short: all that a grade follows from, beside the rubric and what is decided by hand. */
import { z } from 'zod';
import type { Verdict } from '../check.ts';
import type { CheckResult, Result } from '../run/result.ts';
import type { Attempt } from './attempt.ts';
import { type Facts, factsSchema } from './facts.ts';

/** By the lab's own points. */
export interface CheckSeen extends Pick<CheckResult, 'id' | 'title' | 'verdict' | 'points'> {
  /** Codes of its findings, but for what is only said by the way. */
  readonly codes: readonly string[];
  /** Of what could not be told: why. */
  readonly why?: { readonly code: string; readonly message: string };
}

export type Seen =
  | {
      readonly ok: true;
      readonly cloud: Result['cloud'];
      readonly resources: Result['resources'];
      readonly facts: Facts;
      /** In the lab's order. */
      readonly checks: readonly CheckSeen[];
    }
  /** Nothing is known of the learner's work. */
  | { readonly ok: false; readonly code: string; readonly reason: string };

const VERDICTS = ['pass', 'partial', 'fail', 'waiting', 'blocked', 'unknown'] as const satisfies readonly Verdict[];

/** For what comes from a file, or over a wire. */
export const cloudSchema = z.object({
  kind: z.enum(['aws', 'sandbox', 'snapshot']),
  account: z.string(),
  region: z.string(),
});
export const resourcesSchema = z.record(z.string(), z.string().nullable());
export const verdictSchema = z.object({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(VERDICTS),
  points: z.object({ earned: z.number(), possible: z.number() }),
});

export const seenSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    cloud: cloudSchema,
    resources: resourcesSchema,
    facts: factsSchema,
    checks: z.array(
      verdictSchema.extend({
        codes: z.array(z.string()),
        why: z.object({ code: z.string(), message: z.string() }).exactOptional(),
      }),
    ),
  }),
  z.object({ ok: z.literal(false), code: z.string(), reason: z.string() }),
]);

export interface Look {
  readonly seen: Seen;
  /** ISO 8601. */
  readonly at: string;
}

export function seenOf(attempt: Attempt): Seen {
  if (!attempt.ok) return attempt;
  const { result, facts } = attempt;
  const { cloud, resources } = result;
  return { ok: true, cloud, resources, facts, checks: result.steps.flatMap(({ checks }) => checks).map(checkSeen) };
}

function checkSeen({ id, title, verdict, points, findings }: CheckResult): CheckSeen {
  const [first] = findings;
  return {
    id,
    title,
    verdict,
    points,
    codes: [...new Set(findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code))],
    ...(isOpen({ verdict }) && first && { why: { code: first.code, message: first.message } }),
  };
}

/** Another look may tell it. */
export function isOpen({ verdict }: Pick<CheckSeen, 'verdict'>): boolean {
  return verdict === 'unknown' || verdict === 'waiting';
}

/** Nothing about it is open. */
export function isTold(seen: Seen): boolean {
  return seen.ok && !seen.checks.some(isOpen);
}
