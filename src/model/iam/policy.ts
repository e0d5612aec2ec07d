/** IAM policy documents: every shape that the grammar allows, read into one (IAM User Guide, Grammar of the policy language). */
import { z } from 'zod';
import { messageOf } from '../../lib/message.ts';
import { hasDuplicateKey } from './duplicate-keys.ts';

/** What `Action` and `Resource` name, or what `NotAction` and `NotResource` leave out. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface Principals {
  /** `NotPrincipal`: everyone but these. */
  readonly not: boolean;
  /** `"*"` or `{"AWS": "*"}`, which mean the same. */
  readonly everyone: boolean;
  readonly services: readonly string[];
  /** Accounts, users, roles and sessions, as written. */
  readonly aws: readonly string[];
}

export interface Condition {
  /** `StringEquals`, `ForAnyValue:StringLike`, `ArnLikeIfExists` … as written. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** Absent in trust policies. */
  readonly resources?: Patterns;
  /** Absent in identity policies. */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

export interface Policy {
  /** Only `2012-10-17` knows policy variables; without a `Version` it is `2008-10-17`. */
  readonly version: '2012-10-17' | '2008-10-17';
  readonly statements: readonly Statement[];
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly message: string };

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z.union([conditionValue.transform((value) => [value]), z.array(conditionValue)]);
const principalMap = z.strictObject({
  AWS: oneOrMore.optional(),
  Service: oneOrMore.optional(),
  Federated: oneOrMore.optional(),
  CanonicalUser: oneOrMore.optional(),
});
const principal = z.union([z.literal('*'), principalMap]);

/** A statement as far as syntax goes: what it lacks is found later. */
const rawStatement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.string().regex(/^(Allow|Deny)$/i),
    Action: oneOrMore.optional(),
    NotAction: oneOrMore.optional(),
    Resource: oneOrMore.optional(),
    NotResource: oneOrMore.optional(),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
  })
  .refine(({ Action, NotAction }) => Action === undefined || NotAction === undefined, {
    error: 'needs either Action or NotAction',
  })
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined, {
    error: 'cannot have both Resource and NotResource',
  })
  .refine(({ Principal, NotPrincipal }) => Principal === undefined || NotPrincipal === undefined, {
    error: 'cannot have both Principal and NotPrincipal',
  });

const statement = rawStatement
  .refine(({ Effect }) => Effect === 'Allow' || Effect === 'Deny', {
    path: ['Effect'],
    error: 'must be "Allow" or "Deny"',
  })
  .refine(({ Action, NotAction }) => Action !== undefined || NotAction !== undefined, {
    error: 'needs either Action or NotAction',
  });

const documentOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
    Id: z.string().optional(),
    Statement: z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(item)),
  });

const document = documentOf(statement);
const rawDocument = documentOf(rawStatement);

export type RawStatement = z.output<typeof rawStatement>;

/** A document whose syntax is right, for those who look at what else may be wrong with it. */
export function rawPolicy(
  json: string,
): { readonly version: string | undefined; readonly statements: readonly RawStatement[] } | undefined {
  try {
    const parsed = rawDocument.safeParse(JSON.parse(json));
    // "Individual elements must not contain multiple instances of the same key" (Policy grammar notes).
    if (hasDuplicateKey(json)) return undefined;
    return parsed.success ? { version: parsed.data.Version, statements: parsed.data.Statement } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a policy document. The message says where it departs from the grammar. */
export function parsePolicy(json: string): ParsedPolicy {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    return { ok: false, message: `it is not JSON: ${messageOf(error)}` };
  }
  const parsed = document.safeParse(data);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`);
    return { ok: false, message: problems.join('; ') };
  }
  const { Version = '2008-10-17', Statement } = parsed.data;
  return { ok: true, policy: { version: Version, statements: Statement.map(toStatement) } };
}

function toStatement(raw: z.output<typeof statement>): Statement {
  const resources = patterns(raw.Resource, raw.NotResource);
  const principals = principalsOf(raw.Principal, raw.NotPrincipal);
  return {
    ...(raw.Sid !== undefined && { sid: raw.Sid }),
    effect: raw.Effect === 'Allow' ? 'Allow' : 'Deny',
    actions: patterns(raw.Action, raw.NotAction) ?? { not: false, patterns: [] },
    ...(resources && { resources }),
    ...(principals && { principals }),
    conditions: Object.entries(raw.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    ),
  };
}

function patterns(these: readonly string[] | undefined, notThese: readonly string[] | undefined): Patterns | undefined {
  if (these) return { not: false, patterns: these };
  return notThese && { not: true, patterns: notThese };
}

type RawPrincipal = z.output<typeof principal>;

function principalsOf(these: RawPrincipal | undefined, notThese: RawPrincipal | undefined): Principals | undefined {
  const raw = these ?? notThese;
  if (raw === undefined) return undefined;
  const not = notThese !== undefined;
  if (raw === '*') return { not, everyone: true, services: [], aws: [] };
  const { AWS: aws = [], Service: services = [] } = raw;
  return { not, everyone: aws.includes('*'), services, aws: aws.filter((each) => each !== '*') };
}
