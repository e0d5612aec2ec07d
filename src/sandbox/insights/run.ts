/** Logs Insights queries: understood as a whole, then run over log events. */
import type { Scope } from './expression.ts';
import { parseQuery } from './grammar.ts';
import { type Command, type Query, QueryError, QueryStopped } from './query.ts';
import { columnReader, type Reader, type Row, type ScannedEvent } from './row.ts';
import {
  computingStage,
  dedupStage,
  filterStage,
  limitStage,
  parseStage,
  type Sink,
  type Stage,
  sortStage,
} from './stage.ts';
import { statsStage } from './stats.ts';
import { textOf } from './value.ts';

export interface QueryOutput {
  /** One list of fields a row, in the order of the columns; fields that a row does not have are left out. */
  readonly rows: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

/** When a query was started and what it looks at, epoch milliseconds. */
export interface Window {
  readonly now: number;
  readonly startTime: number;
  readonly endTime: number;
}

/** @param limit Rows where the query has fewer stays as it is. @param newestFirst The order that events have without a `sort`. */
export type Run = (newestFirst: readonly ScannedEvent[], limit: number) => QueryOutput;

/** A query that takes longer than this ends as `Timeout`, as AWS's do after an hour: all else waits for it here. */
const longestMs = 20_000;

interface Plan {
  readonly stages: Stage[];
  scope: Scope;
  /** What there is after `stats`: its columns and what was computed since. */
  defined?: Set<string>;
  /** What is shown; before any `fields`, `display`, `parse` or `stats` it is the time and the message. */
  columns?: readonly string[];
}

/** User Guide, "Use multiple stats commands in a single query". */
const mostStats = 2;
const mostRows = 100_000;

/** @throws QueryError for what cannot be understood or evaluated. */
export function compileQuery(query: string, window: Window): Run {
  const commands = parseQuery(query);
  refuseOrder(commands);
  const plan: Plan = { stages: [], scope: { query, ...window } };
  const firstStats = commands.findIndex(({ kind }) => kind === 'stats');
  const lastFilter = commands.findLastIndex(
    ({ kind }, index) => kind === 'filter' && (firstStats < 0 || index < firstStats),
  );
  const counter = { matched: 0 };
  const counting: Stage = (next) => ({
    push(row) {
      counter.matched += 1;
      next.push(row);
    },
    end: next.end,
  });
  if (lastFilter < 0) plan.stages.push(counting);
  for (const [index, command] of commands.entries()) {
    add(command, plan);
    if (index === lastFilter) plan.stages.push(counting);
  }
  const { columns = ['@timestamp', '@message'], stages } = plan;
  const shown = firstStats >= 0 || columns.includes('@ptr') ? columns : [...columns, '@ptr'];
  const readers = shown.map((field) => ({ field, read: columnReader(field) }));
  return (newestFirst, limit) => {
    counter.matched = 0;
    const rows: QueryOutput['rows'][number][] = [];
    const last: Sink = { push: (row) => void (rows.length < limit && rows.push(write(row, readers))), end: () => {} };
    const first = stages.reduceRight((next, stage) => stage(next), last);
    let bytesScanned = 0;
    const started = performance.now();
    for (const [index, event] of newestFirst.entries()) {
      if (index % 1000 === 0 && performance.now() - started > longestMs) throw new QueryStopped('Timeout');
      bytesScanned += Buffer.byteLength(event.message);
      first.push({ event });
    }
    first.end();
    return { rows, recordsMatched: counter.matched, recordsScanned: newestFirst.length, bytesScanned };
  };
}

function add(command: Command, plan: Plan): void {
  const { stages, scope } = plan;
  switch (command.kind) {
    case 'fields':
    case 'display': {
      stages.push(computingStage(command.columns, scope));
      const names = command.columns.map(({ name }) => name);
      plan.columns = command.kind === 'display' ? names : union(plan.columns, names);
      for (const name of names) plan.defined?.add(name);
      return;
    }
    case 'parse': {
      const { stage, names } = parseStage(command, scope);
      stages.push(stage);
      plan.columns = union(plan.columns, names);
      for (const name of names) plan.defined?.add(name);
      return;
    }
    case 'stats': {
      stages.push(statsStage(command, plan.defined ? { ...scope, known: plan.defined } : scope));
      plan.columns = [...new Set([...command.by, ...command.columns].map(({ name }) => name))];
      plan.defined = new Set(plan.columns);
      plan.scope = { ...scope, columns: plan.defined };
      return;
    }
    case 'filter':
      stages.push(filterStage(command, scope));
      return;
    case 'sort':
      stages.push(sortStage(command, scope));
      return;
    case 'limit':
      stages.push(limitStage(command.count));
      return;
    case 'dedup':
      stages.push(dedupStage(command, scope));
  }
}

function union(before: readonly string[] = [], added: readonly string[]): readonly string[] {
  return [...new Set([...before, ...added])];
}

function write(row: Row, readers: readonly { readonly field: string; readonly read: Reader }[]) {
  return readers.flatMap(({ field, read }) => {
    const value = read(row);
    return value === undefined ? [] : [{ field, value: textOf(value) }];
  });
}

/** @throws QueryError for commands that may not follow each other. */
function refuseOrder(commands: Query): void {
  const stats = commands.filter(({ kind }) => kind === 'stats');
  const last = commands.findLastIndex(({ kind }) => kind === 'stats');
  const dedup = commands.findIndex(({ kind }) => kind === 'dedup');
  const misplaced = commands.find(
    ({ kind }, index) =>
      // "The only query command that you can use in a query after the dedup command is limit."
      (dedup >= 0 && index > dedup && kind !== 'limit') ||
      // "If you use a sort or limit command, it must appear after the second stats command."
      (stats.length > 1 && index < last && (kind === 'sort' || kind === 'limit')),
  );
  const excess = misplaced ?? stats[mostStats];
  if (excess) throw new QueryError(`unexpected symbol found ${excess.kind}`, excess.place);
  for (const command of commands) {
    if (command.kind === 'limit' && (command.count < 1 || command.count > mostRows))
      throw new QueryError(`limit must be between 1 and ${mostRows}`, command.place);
  }
}
