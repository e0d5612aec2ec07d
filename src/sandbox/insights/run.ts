/** Runs a parsed query over log events, command by command. */
import { rowOf, type ScannedEvent } from './discover.ts';
import type { Aggregate, Command, Query } from './query.ts';
import { evaluate, holds, numberOf, order, type Row, textOf, type Value } from './value.ts';

export interface QueryOutput {
  /** One list of fields a row, in the order of the columns; fields that a row does not have are left out. */
  readonly rows: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

interface Table {
  readonly rows: readonly Row[];
  /** What is shown; before any `fields`, `display` or `stats` it is the time and the message. */
  readonly columns?: readonly string[];
  readonly aggregated: boolean;
  /** Events that passed the filters. */
  readonly matched: number;
}

/** @param events In any order: without a `sort`, the newest are shown first. @param limit Rows where the query has fewer stays as it is. */
export function runQuery(query: Query, events: readonly ScannedEvent[], limit: number): QueryOutput {
  const newestFirst = events.toSorted((a, b) => b.timestamp - a.timestamp).map(rowOf);
  const start: Table = { rows: newestFirst, aggregated: false, matched: newestFirst.length };
  const { rows, columns = ['@timestamp', '@message'], aggregated, matched } = query.reduce(apply, start);
  const shown = aggregated || columns.includes('@ptr') ? columns : [...columns, '@ptr'];
  return {
    rows: rows.slice(0, limit).map((row) =>
      shown.flatMap((field) => {
        const value = row.get(field);
        return value === undefined ? [] : [{ field, value: textOf(value) }];
      }),
    ),
    recordsMatched: matched,
    recordsScanned: events.length,
    bytesScanned: events.reduce((sum, event) => sum + Buffer.byteLength(event.message), 0),
  };
}

function apply(table: Table, command: Command): Table {
  switch (command.kind) {
    case 'fields':
    case 'display': {
      const names = command.columns.map((column) => column.name);
      const rows = table.rows.map((row) => {
        const values = command.columns.map(({ name, expression }) => [name, evaluate(expression, row)] as const);
        return new Map<string, Value>([...row, ...values]);
      });
      const columns = command.kind === 'display' ? names : [...new Set([...(table.columns ?? []), ...names])];
      return { ...table, rows, columns };
    }
    case 'filter': {
      const rows = table.rows.filter((row) => holds(command.condition, row));
      return { ...table, rows, matched: table.aggregated ? table.matched : rows.length };
    }
    case 'stats': {
      const columns = [...command.by, ...command.aggregates].map(({ name }) => name);
      return { ...table, rows: aggregate(table.rows, command), columns, aggregated: true };
    }
    case 'sort':
      return {
        ...table,
        rows: table.rows.toSorted((a, b) => {
          for (const { field, descending } of command.keys) {
            const difference = order(a.get(field), b.get(field));
            if (difference !== 0) return descending ? -difference : difference;
          }
          return 0;
        }),
      };
    case 'limit':
      return { ...table, rows: table.rows.slice(0, command.count) };
    case 'dedup':
      return { ...table, rows: withoutDuplicates(table.rows, command.fields) };
  }
}

function aggregate(rows: readonly Row[], command: Extract<Command, { kind: 'stats' }>): Row[] {
  const keyed = rows.map((row) => ({ row, keys: command.by.map(({ expression }) => evaluate(expression, row)) }));
  const groups = Map.groupBy(keyed, ({ keys }) => keyOf(keys));
  return [...groups.values()].map((members) => {
    const keys = members[0]?.keys ?? [];
    return new Map<string, Value>([
      ...command.by.map(({ name }, index) => [name, keys[index]] as const),
      ...command.aggregates.map(
        (one) =>
          [
            one.name,
            total(
              one,
              members.map(({ row }) => row),
            ),
          ] as const,
      ),
    ]);
  });
}

/** Values that are no numbers do not take part; `count(field)` counts the rows that have the field. */
function total({ function: name, argument }: Aggregate, rows: readonly Row[]): Value {
  if (!argument) return rows.length;
  const values = rows.map((row) => evaluate(argument, row)).filter((value) => value !== undefined);
  if (name === 'count') return values.length;
  const numbers = values.map(numberOf).filter((value) => value !== undefined);
  const sum = numbers.reduce((left, right) => left + right, 0);
  if (name === 'sum') return sum;
  if (numbers.length === 0) return undefined;
  if (name === 'avg') return sum / numbers.length;
  const extreme = numbers.reduce((left, right) => (name === 'min' ? Math.min(left, right) : Math.max(left, right)));
  return values[0] instanceof Date ? new Date(extreme) : extreme;
}

/** Rows that lack one of the fields are kept (User Guide, dedup). */
function withoutDuplicates(rows: readonly Row[], fields: readonly string[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const values = fields.map((field) => row.get(field));
    if (values.includes(undefined)) return true;
    const key = keyOf(values);
    return !seen.has(key) && seen.add(key);
  });
}

function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => (value === undefined ? null : textOf(value))));
}
