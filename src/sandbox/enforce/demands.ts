/** What an operation has to be allowed: actions on resources (Service Authorization Reference). */
import type { RequestContext } from '../../model/iam/condition.ts';
import type { Request } from '../service.ts';
import { ec2Demands } from './demands-ec2.ts';
import { iamDemands } from './demands-iam.ts';
import { logsDemands } from './demands-logs.ts';
import { ssmDemands } from './demands-ssm.ts';

export interface Demand {
  /** With its service: `ec2:CreateVpc`. */
  readonly action: string;
  readonly resource: string;
  /** Keys beyond those of every request. */
  readonly context?: RequestContext;
}

/** An operation's input, of which nothing is known but its names. */
export type Input = Readonly<Record<string, unknown>>;

export function demandsOf(service: string, operation: string, input: Input, request: Request): readonly Demand[] {
  const byService = { ec2: ec2Demands, iam: iamDemands, logs: logsDemands, ssm: ssmDemands };
  const own = Object.entries(byService).find(([name]) => name === service)?.[1];
  return own?.(operation, input, request) ?? [{ action: `${service}:${operation}`, resource: '*' }];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text or a list of texts, as a list. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((each: unknown) => text(each) ?? []);
}

/** The members of a structure, none where it is no structure. */
export function members(value: unknown): Input {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** `Tags` as most operations take them. */
export function tagsIn(value: unknown): Record<string, string> {
  const tags: unknown[] = Array.isArray(value) ? value : [];
  return Object.fromEntries(
    tags.map(members).flatMap(({ Key, Value }) => (typeof Key === 'string' ? [[Key, text(Value) ?? '']] : [])),
  );
}

export function requestTags(tags: Readonly<Record<string, string>>): RequestContext {
  const keys = Object.keys(tags);
  if (keys.length === 0) return {};
  return {
    'aws:TagKeys': keys,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}
