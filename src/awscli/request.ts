/** One operation asked for: its options read into an input that is fit to be sent, and how its pages are wanted. */

import type { ServiceName } from '../account/connection.ts';
import type { OperationModel } from '../account/operations.ts';
import { split, type Takes } from './command-line.ts';
import { finishEc2, withEc2Options } from './ec2.ts';
import { GLOBAL_OPTIONS } from './globals.ts';
import { Misuse } from './misuse.ts';
import type { Option, OptionTable, Parameters } from './option.ts';
import { optionsOf } from './options.ts';
import { type PageOptions, type PageRules, pageRules } from './paging.ts';
import { validated } from './validate.ts';
import { json, loaded } from './value.ts';

export interface Request {
  readonly input: Readonly<Record<string, unknown>>;
  /** Absent where one call is all that is wanted. */
  readonly paging: { readonly rules: PageRules; readonly options: PageOptions } | undefined;
  /** The global options among the words. */
  readonly globals: ReadonlyMap<string, string | undefined>;
}

export const PAGE_OPTIONS = {
  'starting-token': 'where to go on: the NextToken of an earlier command',
  'page-size': 'how many items the service is asked for at a time',
  'max-items': 'how many items are printed; NextToken then says where to go on',
} as const;

export const CLI_INPUT = 'cli-input-json';

export function optionTable(service: ServiceName, model: OperationModel): OptionTable {
  const own = optionsOf(model);
  return service === 'ec2' ? withEc2Options(model.name, own) : own;
}

/** @throws Misuse */
export function readRequest(service: ServiceName, model: OperationModel, words: readonly string[]): Request {
  const table = optionTable(service, model);
  const rules = pageRules(model);
  const paging = rules ? Object.keys(PAGE_OPTIONS).filter((name) => name !== 'page-size' || rules.size) : [];
  const { given, others } = split(words, known(table, paging));
  if (others.length > 0) throw new Misuse(`Unknown options: ${others.join(', ')}`);
  const byName = new Map(given.map(({ name, words: values }) => [name, values]));
  const globals = new Map(
    given.filter(({ name }) => isGlobal(name, table)).map(({ name, words: [word] }) => [name, word]),
  );

  const input: Parameters = {};
  const pageWords = new Map<string, string>();
  const paginate = rules !== undefined && !globals.has('no-paginate');
  for (const { name, words: values } of given) {
    // IAM's own --max-items gives way to the AWS CLI's, as long as that turns the pages.
    if (paging.includes(name) && (paginate || !table.has(name))) pageWords.set(name, values[0] ?? '');
    else table.get(name)?.set(input, values);
  }
  requireOptions(table, byName);
  addInput(input, byName.get(CLI_INPUT)?.[0]);
  if (service === 'ec2') finishEc2(model.name, input, new Set(byName.keys()));
  const manual = rules !== undefined && (rules.token in input || (rules.size !== undefined && rules.size in input));
  const paged = rules !== undefined && paginate && !manual;
  if (pageWords.size > 0 && !paged)
    throw new Misuse(
      `Cannot specify --no-paginate along with pagination arguments: ${[...pageWords.keys()].map((name) => `--${name}`).join(', ')}`,
    );
  const size = count(pageWords, 'page-size');
  if (rules?.size !== undefined && size !== undefined) input[rules.size] = size;
  return {
    input: validated(model.input, input, globals.get('cli-binary-format') === 'raw-in-base64-out'),
    paging: paged ? { rules, options: pageOptions(pageWords) } : undefined,
    globals,
  };
}

function known(table: OptionTable, paging: readonly string[]): ReadonlyMap<string, Takes> {
  const all = new Map<string, Takes>([...GLOBAL_OPTIONS, ...table]);
  for (const name of [...paging, CLI_INPUT]) all.set(name, { takes: 'one' });
  return all;
}

function isGlobal(name: string, table: OptionTable): boolean {
  return GLOBAL_OPTIONS.has(name) && !table.has(name);
}

/** As argparse has it; flags, and what only the whole input shows, are left to the validation. */
function requireOptions(table: OptionTable, given: ReadonlyMap<string, unknown>): void {
  if (given.has(CLI_INPUT)) return;
  const lacks = ({ name, required, takes }: Option) => required && takes !== 'nothing' && !given.has(name);
  const missing = [...table.values()].filter(lacks).map(({ name }) => `--${name}`);
  if (missing.length > 0) throw new Misuse(`the following arguments are required: ${missing.join(', ')}`);
}

/** What stands on the command line wins over what the file says. */
function addInput(input: Parameters, word: string | undefined): void {
  if (word === undefined) return;
  const text = loaded(CLI_INPUT, word);
  const read = json(CLI_INPUT, typeof text === 'string' ? text : Buffer.from(text).toString());
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new Misuse(`Error parsing parameter '--${CLI_INPUT}': Invalid type: expecting map`);
  for (const [name, value] of Object.entries(read)) if (!Object.hasOwn(input, name)) input[name] = value;
}

function pageOptions(words: ReadonlyMap<string, string>): PageOptions {
  const maxItems = count(words, 'max-items');
  const startingToken = words.get('starting-token');
  return { ...(maxItems !== undefined && { maxItems }), ...(startingToken !== undefined && { startingToken }) };
}

function count(words: ReadonlyMap<string, string>, name: string): number | undefined {
  const word = words.get(name);
  if (word !== undefined && !/^\d{1,9}$/.test(word))
    throw new Misuse(`argument --${name}: invalid int value: '${word}'`);
  return word === undefined ? undefined : Number(word);
}
