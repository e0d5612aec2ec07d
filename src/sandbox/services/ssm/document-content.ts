/** What stands in a document: read from JSON or YAML, as far as Run Command needs it. */
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { AwsError } from '../../service.ts';

export type DocumentFormat = 'JSON' | 'YAML';

const types = ['String', 'StringList', 'Integer', 'Boolean', 'StringMap', 'MapList'] as const;

const parameterSchema = z.object({
  type: z.enum(types),
  description: z.string().nullish(),
  default: z.unknown().optional(),
  allowedValues: z.array(z.unknown()).optional(),
  allowedPattern: z.string().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minChars: z.number().optional(),
  maxChars: z.number().optional(),
});

const inputsSchema = z.object({
  runCommand: z.union([z.string(), z.array(z.string())]).optional(),
  timeoutSeconds: z.union([z.string(), z.number()]).optional(),
});

const stepSchema = z.object({
  action: z.string(),
  name: z.string().regex(/^[a-zA-Z0-9_]{1,128}$/),
  precondition: z.record(z.string(), z.array(z.string())).optional(),
  inputs: inputsSchema,
});

/** Systems Manager User Guide, "Schemas, features, and examples". */
const contentSchema = z.object({
  schemaVersion: z.string(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), parameterSchema).optional(),
  mainSteps: z.array(stepSchema).min(1).optional(),
  /** Schema 1.2, of AWS's own older documents. */
  runtimeConfig: z.record(z.string(), z.object({ properties: z.array(inputsSchema) })).optional(),
});

export type DocumentParameter = z.infer<typeof parameterSchema>;
export type DocumentContent = z.infer<typeof contentSchema>;
export type DocumentInputs = z.infer<typeof inputsSchema>;

/** The document as plain data. @throws AwsError for text that is not in that format. */
export function readText(text: string, format: DocumentFormat): unknown {
  try {
    const read: unknown = format === 'JSON' ? JSON.parse(text) : parseYaml(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read;
  } catch {
    throw invalidContent(`${format} not well-formed.`);
  }
  throw invalidContent(`${format} not well-formed.`);
}

/** @throws AwsError for what is no Command document. */
export function readContent(text: string, format: DocumentFormat): DocumentContent {
  const read = readText(text, format);
  const { schemaVersion } = Object(read) as { schemaVersion?: unknown };
  if (!['1.2', '2.0', '2.2'].includes(String(schemaVersion)))
    throw invalidContent(`Document schema version is invalid. Value: ${String(schemaVersion)}`);
  const checked = contentSchema.safeParse(read);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw invalidContent(`Invalid value at ${issue?.path.join('.') || 'the document'}: ${issue?.message}`);
  }
  refuseUndeclared(checked.data);
  return checked.data;
}

export const PLACEHOLDER = /\{\{\s*([\w-]+)\s*\}\}/g;

function refuseUndeclared(content: DocumentContent): void {
  const { mainSteps = [], runtimeConfig = {}, parameters = {} } = content;
  for (const [, name = ''] of JSON.stringify([mainSteps, runtimeConfig]).matchAll(PLACEHOLDER))
    if (!Object.hasOwn(parameters, name)) throw invalidContent(`Parameter "${name}" is not declared.`);
}

function invalidContent(message: string): AwsError {
  return new AwsError('InvalidDocumentContent', message);
}
