/** What a saved session must look like to be believed. Apart from progress.ts, as the first screen should not wait for zod. */
import { z } from 'zod';
import type { Session } from './session.ts';

const evidence = z.strictObject({
  kind: z.enum(['terminal', 'record', 'document', 'table']),
  title: z.string(),
  content: z.string(),
});
const sessionSchema = z.strictObject({
  schema: z.literal(1),
  lab: z.string(),
  cloud: z.strictObject({ kind: z.enum(['aws', 'sandbox']), account: z.string(), region: z.string() }),
  step: z.string(),
  hints: z.record(z.string(), z.int().min(0)),
  answers: z.record(z.string(), z.strictObject({ value: z.union([z.string(), z.number()]), at: z.number() })),
  passed: z.record(z.string(), z.strictObject({ at: z.number(), evidence: z.array(evidence) })),
  startedAt: z.number(),
});

/** @throws where the text is no session. */
export function parseSession(text: string): Session {
  return sessionSchema.parse(JSON.parse(text));
}
