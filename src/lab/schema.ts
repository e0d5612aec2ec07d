/** The lab format: one zod schema from which the types, the validation and the JSON Schema follow. */
import { z } from 'zod';

export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'use small letters, digits and hyphens, starting with a letter');
export const resourceName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'use letters and digits, starting with a small letter');
const text = z.string().trim().min(1).max(8000);
export const line = z
  .string()
  .trim()
  .min(1)
  .max(400)
  .regex(/^[^\n]*$/, 'write it on one line');
const outputPath = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9]*(\[\d+\])?(\.[A-Za-z][A-Za-z0-9]*(\[\d+\])?)*$/,
    'write a path such as Vpc.VpcId or Reservations[0].Instances[0].PrivateIpAddress',
  );
const errorCode = z.string().regex(/^[A-Za-z.]+$/, "write AWS's error code, such as EntityAlreadyExists");

/**
 * What `${…}` may name in a solution beside resources and saved values. `start` and `end` are for queries on logs: epoch
 * seconds, two hours ago and in one day; a value that is nothing but `${start}` becomes a number.
 */
export const CLOUD_NAMES = ['account', 'region', 'partition', 'start', 'end'] as const;

/**
 * A name of the lab for something in the account, and how it is recognised there: by links first, then by tag and CIDR,
 * never by an exact name alone.
 */
const resource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('vpc'),
    label: line,
    /** A pattern of the Name tag with `*`; only a preference. */
    name: line.optional(),
    cidr: z.cidrv4('write an IPv4 block such as 10.1.0.0/16').optional(),
    /** Prefer a VPC that a flow log covers. */
    logged: z.boolean().optional(),
    peeredWith: resourceName.optional(),
  }),
  z.strictObject({ kind: z.literal('instance'), label: line, vpc: resourceName, name: line.optional() }),
  /** The subnet of an instance, or, before there is one, a public subnet of the VPC. */
  z.strictObject({ kind: z.literal('subnet'), label: line, vpc: resourceName, instance: resourceName.optional() }),
  /** The route table that a subnet really uses. */
  z.strictObject({ kind: z.literal('routeTable'), label: line, subnet: resourceName }),
  z.strictObject({ kind: z.literal('peering'), label: line, between: z.tuple([resourceName, resourceName]) }),
  /** A flow log that covers an instance: on its interface, its subnet or its VPC. */
  z.strictObject({ kind: z.literal('flowLog'), label: line, instance: resourceName, vpc: resourceName }),
  z.strictObject({ kind: z.literal('logGroup'), label: line, flowLog: resourceName, name: line.optional() }),
  /** The role of a flow log or, before there is one, a role that trusts this service. */
  z.strictObject({ kind: z.literal('role'), label: line, flowLog: resourceName, service: line }),
]);

/**
 * One call of the reference solution: `ec2:CreateVpc` with its input. Text may hold `${name}`: a resource of the lab (its
 * id; a role's ARN, a log group's name), a value saved by an earlier call of the same step, or one of `CLOUD_NAMES`.
 */
export const solutionCall = z.strictObject({
  call: z
    .string()
    .regex(/^(ec2|iam|sts|logs|ssm):[A-Z][A-Za-z0-9]+$/, 'write it as service:Operation, such as ec2:CreateVpc'),
  why: line,
  input: z.record(z.string(), z.json()).default({}),
  /** Values kept for later calls: name -> path in the output, such as `Vpc.VpcId`. */
  save: z.record(resourceName, outputPath).optional(),
  /**
   * The resource that this call helps to make. All calls with the same `makes` are left out together where the account
   * had that resource before; one of them saves it under its own name.
   */
  makes: resourceName.optional(),
  /** Error codes that mean "this is done already". */
  ignore: z.array(errorCode).optional(),
  /** Error codes that pass by themselves (eventual consistency): the call is repeated. */
  retry: z.array(errorCode).optional(),
  /** Repeat the call until the value at this path is (`is`) this text, or is there and not empty (`exists`). */
  until: z
    .union([
      z.strictObject({ path: outputPath, is: line, usually: line }),
      z.strictObject({ path: outputPath, exists: z.literal(true), usually: line }),
    ])
    .optional(),
});

const checkUse = z.strictObject({
  id,
  use: z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/, 'name a check by its path, such as network/cidrs-unique'),
  title: line.optional(),
  with: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  points: z.int().min(0).max(100),
  /** Ids of checks of this lab that must have passed. */
  after: z.array(id).default([]),
});

const textQuestion = z.strictObject({
  id,
  kind: z.literal('text'),
  prompt: line,
  /** How the answer begins: "In this step, I will …". */
  stem: line.optional(),
  /** What `start --auto` answers. */
  sample: text,
});
const choiceQuestion = z.strictObject({
  id,
  kind: z.literal('choice'),
  /** `before`: predict, then see. */
  when: z.enum(['before', 'after']),
  prompt: line,
  options: z.array(line).min(2).max(6),
  /** Index of the right option. */
  answer: z.int().min(0),
  explanation: text,
});

const step = z.strictObject({
  id,
  title: line,
  goal: text,
  why: text,
  /** What to do in the console, one instruction each. */
  console: z.array(text).min(1),
  /** From a nudge to the exact property. */
  hints: z.array(text).min(3),
  checks: z.array(checkUse).min(1),
  questions: z.array(z.discriminatedUnion('kind', [textQuestion, choiceQuestion])).default([]),
  solution: z.array(solutionCall).min(1),
});

export const labSchema = z.strictObject({
  format: z.literal(1),
  id,
  title: line,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  summary: text,
  minutes: z.int().min(1),
  /** What it costs while it runs, dated. */
  cost: text,
  resources: z.record(resourceName, resource),
  steps: z.array(step).min(1),
  /** Questions about the project as a whole. */
  questions: z.array(z.discriminatedUnion('kind', [textQuestion, choiceQuestion])).default([]),
});

export type LabData = z.infer<typeof labSchema>;
export type ResourceSpec = LabData['resources'][string];
export type Step = LabData['steps'][number];
export type CheckUse = Step['checks'][number];
export type SolutionCall = Step['solution'][number];
export type LabQuestion = Step['questions'][number];

/** A loaded lab: its data, where it came from, and the digest of exactly those bytes. */
export interface Lab extends LabData {
  readonly file: string;
  /** `sha256:…` of the file. */
  readonly digest: string;
  /** The write-up's Liquid template, where the lab has one. */
  readonly reportTemplate?: string;
}
