/** `aws logs tail GROUP`: a log group's newest events, as awscli/customizations/logs/tail.py shows them. */
import type { Caller } from '../account/caller.ts';
import { split, type Takes } from './command-line.ts';
import { GLOBAL_OPTIONS, globalChoices } from './globals.ts';
import { Misuse } from './misuse.ts';
import type { Surroundings } from './run.ts';

const OPTIONS: ReadonlyMap<string, Takes> = new Map<string, Takes>([
  ['since', { takes: 'one' }],
  ['format', { takes: 'one' }],
  ['filter-pattern', { takes: 'one' }],
  ['log-stream-names', { takes: 'many' }],
  ['log-stream-name-prefix', { takes: 'one' }],
  ...GLOBAL_OPTIONS,
]);

interface LogEvent {
  readonly timestamp?: number;
  readonly logStreamName?: string;
  readonly message?: string;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** @throws Misuse */
export async function tail(words: readonly string[], around: Surroundings): Promise<void> {
  if (words.includes('--follow'))
    throw new Misuse('labproof aws logs tail does not --follow: it shows what there is, and ends.');
  const { given, others } = split(words, OPTIONS);
  const [group, ...more] = others;
  if (group === undefined) throw new Misuse('the following arguments are required: group_name');
  if (more.length > 0) throw new Misuse(`Unknown options: ${more.join(', ')}`);
  const all = new Map(given.map(({ name, words: values }) => [name, values]));
  const one = (name: string) => all.get(name)?.[0];
  const show = formats[one('format') ?? 'detailed'];
  if (!show) throw new Misuse(`argument --format: invalid choice (choose from ${Object.keys(formats).join(', ')})`);
  const input = {
    logGroupName: group,
    startTime: since(one('since') ?? '10m', around.now()),
    ...(all.has('filter-pattern') && { filterPattern: one('filter-pattern') }),
    ...(all.has('log-stream-names') && { logStreamNames: all.get('log-stream-names') }),
    ...(all.has('log-stream-name-prefix') && { logStreamNamePrefix: one('log-stream-name-prefix') }),
  };
  const { target } = globalChoices(new Map(given.map(({ name, words: [word] }) => [name, word])));
  await around.withCaller(target, async (caller) => {
    for await (const event of eventsOf(caller, input)) around.print(`${show(event).trimEnd()}\n`);
  });
}

async function* eventsOf(caller: Caller, input: Readonly<Record<string, unknown>>): AsyncGenerator<LogEvent> {
  let nextToken: unknown;
  do {
    const output = await caller.call('logs', 'FilterLogEvents', { ...input, ...(nextToken ? { nextToken } : {}) });
    yield* output.events as readonly LogEvent[];
    nextToken = output.nextToken;
  } while (nextToken);
}

const formats: Readonly<Record<string, (event: LogEvent) => string>> = {
  short: (event) => `${iso(event).slice(0, 19)} ${event.message}`,
  detailed: (event) => `${iso(event).replace('Z', '000+00:00')} ${event.logStreamName} ${event.message}`,
  json: (event) =>
    `${iso(event)
      .replace(/(\.000)?Z/, (_, none) => (none ? '' : '000'))
      .concat('+00:00')} ${event.logStreamName} ${pretty(event.message ?? '')}`,
};

function iso({ timestamp = 0 }: LogEvent): string {
  return new Date(timestamp).toISOString();
}

function pretty(message: string): string {
  try {
    return `\n${JSON.stringify(JSON.parse(message), null, 4)}`;
  } catch {
    return message;
  }
}

/** `10m` before now, or a time. Epoch milliseconds. */
function since(word: string, now: number): number {
  const [, amount, unit = ''] = /^(\d+)([smhdw])$/.exec(word) ?? [];
  if (amount !== undefined) return Math.trunc(now - Number(amount) * (SECONDS[unit] ?? 0) * 1000);
  const time = Date.parse(word);
  if (Number.isNaN(time)) throw new Misuse(`Invalid timestamp: ${word}. Write it as 10m, 2h or 2026-11-23T10:00:00Z.`);
  return time;
}
