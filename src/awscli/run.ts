/** One command of the AWS CLI from its words to its output. */
import type { AwsRefusal, Caller } from '../account/caller.ts';
import type { ServiceName } from '../account/connection.ts';
import { type OperationModel, readService, type ServiceModel } from '../account/operations.ts';
import { isService, packages } from '../account/sdk/index.ts';
import { nearest } from '../lib/nearest.ts';
import { leading } from './command-line.ts';
import { REMOVED } from './ec2.ts';
import { GLOBAL_OPTIONS, type GlobalChoices, globalChoices } from './globals.ts';
import { operationHelp, serviceHelp, topHelp } from './help.ts';
import { tail } from './logs-tail.ts';
import { Misuse } from './misuse.ts';
import { formatted } from './output/index.ts';
import { type Printable, printable } from './output/printable.ts';
import { listIn, type Page, pages } from './paging.ts';
import { type Request, readRequest } from './request.ts';
import { waitFor } from './wait.ts';
import { WAITERS, type Waiter } from './waiters.ts';
import { kebab } from './words.ts';

export interface Surroundings {
  readonly defaultOutput?: string;
  /** Of the terminal, for tables. */
  readonly width: number;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds. */
  sleep(ms: number): Promise<unknown>;
  print(text: string): void;
  /** Opens the cloud that the target options name for as long as `use` takes. */
  withCaller(target: GlobalChoices['target'], use: (caller: Caller) => Promise<void>): Promise<void>;
}

/** @throws Misuse, AwsRefusal, or another error where there was no answer. */
export async function runAws(words: readonly string[], around: Surroundings): Promise<void> {
  // `--help` is labproof's own word for the AWS CLI's `help`.
  const meant = words.filter((word) => word !== '--help');
  const { first, rest } = leading(meant, 2, GLOBAL_OPTIONS);
  const [serviceName, command] = first;
  const help = meant.length < words.length || rest[0] === 'help';
  if (serviceName === undefined || serviceName === 'help') return around.print(topHelp(Object.keys(packages)));
  if (!isService(serviceName)) throw invalidChoice(serviceName, Object.keys(packages), 'aws help');
  const service = await readService(serviceName);
  const operations = service.operations.filter((name) => serviceName !== 'ec2' || !REMOVED.has(name));
  const names = new Map(operations.map((name) => [kebab(name), name]));
  const waits = WAITERS[serviceName];
  if (command === undefined || command === 'help')
    return around.print(serviceHelp(serviceName, [...names.keys()], Object.keys(waits ?? {}).map(kebab)));
  if (serviceName === 'logs' && command === 'tail') return tail(rest, around);
  if (serviceName === 'ssm' && command === 'start-session')
    throw new Misuse(
      'start-session opens a shell, which needs the AWS CLI and its Session Manager plugin. Use send-command.',
    );
  if (command === 'wait' && waits !== undefined)
    return wait(serviceName, service, waits, help ? [...rest, 'help'] : rest, around);
  const model = service.operation(names.get(command) ?? '');
  if (model === undefined)
    throw invalidChoice(command, [...names.keys(), ...(waits ? ['wait'] : [])], `aws ${serviceName} help`);
  if (help) return around.print(operationHelp(serviceName, model, command));
  await call(serviceName, model, rest, around);
}

function invalidChoice(word: string, choices: readonly string[], help: string): Misuse {
  const meant = nearest(word, choices);
  const few = choices.length <= 8 ? ` There is: ${choices.join(', ')}.` : '';
  return new Misuse(
    `Invalid choice: '${word}'.${meant === undefined ? few : ` Did you mean ${meant}?`} See: labproof ${help}`,
  );
}

async function call(
  service: ServiceName,
  model: OperationModel,
  words: readonly string[],
  around: Surroundings,
): Promise<void> {
  const request = readRequest(service, model, words);
  const choices = globalChoices(request.globals, around.defaultOutput);
  const rules = { localTime: service === 'logs' || service === 'ssm', policyDocuments: service === 'iam' };
  await around.withCaller(choices.target, async (caller) => {
    const ask = async (more: object) =>
      printable(model.output, await caller.call(service, model.name, { ...request.input, ...more }), rules);
    const show = (value: Printable) =>
      around.print(formatted(choices.output, model.name, choices.query ? choices.query(value) : value, around.width));
    if (request.paging) await showPages(request.paging, choices, ask, show);
    else show(await ask({}));
  });
}

/** Text is printed page by page; the other formats show one document of all pages. */
async function showPages(
  { rules, options }: NonNullable<Request['paging']>,
  { output }: GlobalChoices,
  ask: (more: object) => Promise<Page>,
  show: (value: Printable) => void,
): Promise<void> {
  const turned = pages(rules, options, (token) => ask(token === undefined ? {} : { [rules.token]: token }));
  const whole: Record<string, Printable> = {};
  let first = true;
  for await (const { page, resume } of turned) {
    const once = first ? rules.once.map((name) => [name, page[name] ?? null] as const) : [];
    first = false;
    if (output === 'text') {
      show(Object.fromEntries([...once, ...rules.lists.map((name) => [name, page[name] ?? null])]));
      if (resume !== undefined) show({ NextToken: { NextToken: resume } });
      continue;
    }
    for (const name of rules.lists) if (name in page) whole[name] = [...listIn(whole, name), ...listIn(page, name)];
    for (const [name, value] of once) whole[name] = value;
    if (resume !== undefined) whole.NextToken = resume;
  }
  if (output !== 'text') show(whole);
}

async function wait(
  service: ServiceName,
  { operation }: ServiceModel,
  waits: Readonly<Record<string, Waiter>>,
  words: readonly string[],
  around: Surroundings,
): Promise<void> {
  const { first, rest } = leading(words, 1, GLOBAL_OPTIONS);
  const names = new Map(Object.keys(waits).map((name) => [kebab(name), name]));
  const name = names.get(first[0] ?? '');
  const waiter = waits[name ?? ''];
  if (name === undefined || !waiter) throw invalidChoice(first[0] ?? '', [...names.keys()], `aws ${service} help`);
  const model = operation(waiter.operation);
  if (model === undefined) throw new Error(`There is no operation ${waiter.operation}.`);
  if (rest.at(-1) === 'help') return around.print(operationHelp(service, model, `wait ${first[0]}`));
  const { input, globals } = readRequest(service, model, rest);
  await around.withCaller(globalChoices(globals, around.defaultOutput).target, (caller) =>
    waitFor(name, waiter, () => caller.call(service, model.name, input), around.sleep),
  );
}

/** The AWS CLI's line for an error of AWS's. */
export function refusalLine({ code, operation, message }: AwsRefusal): string {
  return `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`;
}
