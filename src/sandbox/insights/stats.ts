/** The `stats` command: rows in, one row for each group out. */
import { type Accumulator, aggregates, timed } from './aggregates.ts';
import {
  type Call,
  compile,
  type Evaluator,
  refuseCount,
  refuseUnknown,
  type Scope,
  unexpected,
} from './expression.ts';
import type { Command } from './query.ts';
import type { Row } from './row.ts';
import type { Stage } from './stage.ts';
import { keyOf, type Value } from './value.ts';

type Stats = Extract<Command, { kind: 'stats' }>;

interface Group {
  readonly keys: readonly Value[];
  readonly totals: readonly Accumulator[];
}

/** @throws QueryError */
export function statsStage(command: Stats, scope: Scope): Stage {
  const keys = command.by.map(({ expression }) => compile(expression, scope));
  const makers: (() => Accumulator)[] = [];
  const names = new Set(command.by.map(({ name }) => name));
  // A column may refer to those before it: what is aggregated lies in the row under its number, which no field is called.
  const columns = command.columns.map(({ name, expression }) => {
    const aggregate = (call: Call, called: string) => {
      makers.push(makerOf(call, called, scope));
      const slot = slotName(makers.length - 1);
      return (row: Row) => row.computed?.get(slot);
    };
    const value = compile(expression, { ...scope, aggregate, known: new Set(names) });
    names.add(name);
    return { name, value };
  });
  return (next) => {
    const groups = new Map<string, Group>();
    return {
      push(row) {
        const values = keys.map((key) => key(row));
        const id = values.map(keyOf).join('\0');
        let group = groups.get(id);
        if (!group) {
          group = { keys: values, totals: makers.map((make) => make()) };
          groups.set(id, group);
        }
        for (const total of group.totals) total.add(row);
      },
      end() {
        // Without `by` there is one group, however many rows.
        if (keys.length === 0 && groups.size === 0) groups.set('', { keys: [], totals: makers.map((make) => make()) });
        for (const group of groups.values()) next.push(rowOf(group));
        next.end();
      },
    };
  };

  function rowOf({ keys: values, totals }: Group): Row {
    const computed = new Map<string, Value>();
    for (const [index, { name }] of command.by.entries()) computed.set(name, values[index]);
    for (const [index, total] of totals.entries()) computed.set(slotName(index), total.result());
    const row: Row = { computed };
    for (const { name, value } of columns) computed.set(name, value(row));
    return row;
  }
}

function slotName(index: number): string {
  return `\0${index}`;
}

/** @throws QueryError */
function makerOf(call: Call, name: string, scope: Scope): () => Accumulator {
  const [first, second] = call.arguments;
  const counted = name === 'count' && (first === undefined || first.kind === 'all');
  refuseCount(call, counted ? 0 : 1, name === 'pct' ? 2 : 1);
  if (timed.has(name)) refuseUnknown('@timestamp', call, scope);
  if (name === 'pct' && (second?.kind !== 'literal' || typeof second.value !== 'number'))
    throw unexpected(second ?? call, scope);
  const percentile = second?.kind === 'literal' ? Number(second.value) : 0;
  const of: Evaluator = counted || !first ? () => 1 : compile(first, scope);
  const make = aggregates[name];
  if (!make) throw unexpected(call, scope);
  return () => make(of, percentile);
}
