/** The values that a command gives to its document's parameters: checked, and put where the document names them. */
import { RE2JS } from 're2js';
import { AwsError } from '../../service.ts';
import { type DocumentContent, type DocumentInputs, type DocumentParameter, PLACEHOLDER } from './document-content.ts';

export type Values = Readonly<Record<string, readonly string[]>>;

export interface DocumentRun {
  /** The step's name, or the plugin's in documents of schema 1.2. */
  readonly plugin: string;
  readonly lines: readonly string[];
  readonly timeoutSeconds: number;
}

const RUN_SHELL_SCRIPT = 'aws:runShellScript';
/** Command document plugin reference, aws:runShellScript: timeoutSeconds. */
const DEFAULT_TIMEOUT = 3600;

/** What runs on a Linux instance. @throws AwsError where a value does not fit, or the document does what is not simulated. */
export function prepareRun(name: string, content: DocumentContent, given: Values): DocumentRun {
  const values = checkedValues(name, content.parameters ?? {}, given);
  const [only, ...more] = linuxSteps(content);
  if (only === undefined || more.length > 0)
    throw new AwsError(
      'InvalidDocument',
      `The sandbox runs documents of one ${RUN_SHELL_SCRIPT} step; ${name} is none.`,
    );
  const { runCommand = [], timeoutSeconds = DEFAULT_TIMEOUT } = only.inputs;
  const lines = (typeof runCommand === 'string' ? [runCommand] : runCommand).flatMap((line) => filled(line, values));
  const [seconds = ''] = filled(String(timeoutSeconds), values);
  return {
    plugin: only.plugin,
    lines: lines.flatMap((text) => text.split(/\r?\n/)),
    timeoutSeconds: /^\d{1,6}$/.test(seconds) ? Number(seconds) : DEFAULT_TIMEOUT,
  };
}

/** Steps for Windows only are passed over, as on any Linux instance. */
function linuxSteps({
  mainSteps = [],
  runtimeConfig = {},
}: DocumentContent): { plugin: string; inputs: DocumentInputs }[] {
  const steps = mainSteps
    .filter(({ precondition }) => !Object.values(precondition ?? {}).some((values) => values.includes('Windows')))
    .map(({ action, name, inputs }) => ({ action, plugin: name, inputs }));
  const older = Object.entries(runtimeConfig).flatMap(([action, { properties }]) =>
    properties.map((inputs) => ({ action, plugin: action, inputs })),
  );
  const all = [...steps, ...older];
  return all.every(({ action }) => action === RUN_SHELL_SCRIPT) ? all : [];
}

/** A placeholder alone stands for the whole list; within a line a list is written as JSON. */
function filled(line: string, values: Values): readonly string[] {
  const alone = new RegExp(`^${PLACEHOLDER.source}$`).exec(line.trim());
  if (alone) return values[alone[1] ?? ''] ?? [];
  return [
    line.replace(PLACEHOLDER, (_, name: string) => {
      const value = values[name] ?? [];
      return value.length === 1 ? (value[0] ?? '') : JSON.stringify(value);
    }),
  ];
}

function checkedValues(
  document: string,
  parameters: Readonly<Record<string, DocumentParameter>>,
  given: Values,
): Values {
  const names = Object.keys(given);
  if (names.length > 0 && Object.keys(parameters).length === 0)
    throw new AwsError('InvalidParameters', `document ${document} does not support parameters.`);
  if (!names.every((name) => Object.hasOwn(parameters, name))) throw invalidParameters();
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const own = Object.hasOwn(given, name) ? given[name] : undefined;
      const value = own ?? defaultOf(parameter);
      if (value === undefined || (own && !fits(parameter, own))) throw invalidParameters();
      return [name, value];
    }),
  );
}

function defaultOf({ default: value }: DocumentParameter): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(asText) : [asText(value)];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Data elements and parameters (Systems Manager User Guide). The pattern must fit the whole value. */
function fits(parameter: DocumentParameter, value: readonly string[]): boolean {
  const { type, allowedValues, allowedPattern, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = parameter;
  const { minChars = 0, maxChars = Number.POSITIVE_INFINITY } = parameter;
  const list = type === 'StringList' || type === 'MapList';
  if (value.length < minItems || value.length > maxItems || (!list && value.length !== 1)) return false;
  return value.every(
    (item) =>
      (type !== 'Integer' || /^-?\d+$/.test(item)) &&
      (type !== 'Boolean' || /^(true|false)$/i.test(item)) &&
      item.length >= minChars &&
      item.length <= maxChars &&
      (allowedValues === undefined || allowedValues.map(asText).includes(item)) &&
      (allowedPattern === undefined || matchesWhole(allowedPattern, item)),
  );
}

/** On RE2, so that no pattern can hang the sandbox. One that RE2 cannot read fits nothing. */
export function matchesWhole(pattern: string, text: string): boolean {
  try {
    return RE2JS.matches(pattern, text);
  } catch {
    return false;
  }
}

/** AWS does not say which one. */
function invalidParameters(): AwsError {
  return new AwsError('InvalidParameters', 'Parameters provided in document are invalid or not supported.');
}
