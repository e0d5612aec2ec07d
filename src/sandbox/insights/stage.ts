/** The commands that work on rows as they come: each hands what it lets through to the next. */
import { compile, compileCondition, type Evaluator, type Scope } from './expression.ts';
import { extractor } from './pattern.ts';
import type { Column, Command } from './query.ts';
import { fieldReader, type Row } from './row.ts';
import { keyOf, order, sortable, textOf, type Value } from './value.ts';

export interface Sink {
  push(row: Row): void;
  /** After the last row. */
  end(): void;
}

export type Stage = (next: Sink) => Sink;

export function filterStage({ condition }: Extract<Command, { kind: 'filter' }>, scope: Scope): Stage {
  const holds = compileCondition(condition, scope);
  return (next) => ({
    push(row) {
      if (holds(row)) next.push(row);
    },
    end: next.end,
  });
}

/** Computes the columns that are more than a field under its own name. */
export function computingStage(columns: readonly Column[], scope: Scope): Stage {
  const computed = columns
    .map(({ name, expression }) => ({ name, plain: isPlain(name, expression), value: compile(expression, scope) }))
    .filter(({ plain }) => !plain);
  if (computed.length === 0) return (next) => next;
  return (next) => ({
    push(row) {
      for (const { name, value } of computed) put(row, name, value(row));
      next.push(row);
    },
    end: next.end,
  });
}

function isPlain(name: string, expression: Column['expression']): boolean {
  return expression.kind === 'field' && expression.path.join('.') === name;
}

function put(row: Row, name: string, value: Value): void {
  row.computed ??= new Map();
  row.computed.set(name, value);
}

/** A row that does not match stays, without the fields (User Guide, parse). */
export function parseStage(
  command: Extract<Command, { kind: 'parse' }>,
  scope: Scope,
): { stage: Stage; names: readonly string[] } {
  const from: Evaluator = command.from ? compile(command.from, scope) : fieldReader(['@message']);
  const { names, extract } = extractor(command.pattern, command.names);
  const stage: Stage = (next) => ({
    push(row) {
      const value = from(row);
      const parts = value === undefined ? undefined : extract(textOf(value));
      if (parts) for (const [index, name] of names.entries()) put(row, name, parts[index]);
      next.push(row);
    },
    end: next.end,
  });
  return { stage, names };
}

export function sortStage({ keys }: Extract<Command, { kind: 'sort' }>, scope: Scope): Stage {
  const made = keys.map(({ value, descending }) => ({ value: compile(value, scope), sign: descending ? -1 : 1 }));
  return (next) => {
    const rows: { readonly row: Row; readonly keys: readonly Value[] }[] = [];
    return {
      push(row) {
        const values = made.map(({ value }) => sortable(value(row)));
        // Found again if it is asked for: kept for all rows, it would fill the memory.
        row.discovered = undefined;
        rows.push({ row, keys: values });
      },
      end() {
        rows.sort((a, b) => {
          for (const [index, { sign }] of made.entries()) {
            const difference = order(a.keys[index], b.keys[index]);
            if (difference !== 0) return sign * difference;
          }
          return 0;
        });
        for (const { row } of rows) next.push(row);
        next.end();
      },
    };
  };
}

export function limitStage(count: number): Stage {
  return (next) => {
    let passed = 0;
    return {
      push(row) {
        passed += 1;
        if (passed <= count) next.push(row);
      },
      end: next.end,
    };
  };
}

/** Rows that lack one of the fields are kept (User Guide, dedup). */
export function dedupStage({ fields }: Extract<Command, { kind: 'dedup' }>, scope: Scope): Stage {
  const readers = fields.map((field) => compile(field, scope));
  return (next) => {
    const seen = new Set<string>();
    return {
      push(row) {
        const values = readers.map((read) => read(row));
        const key = values.map(keyOf).join('\0');
        if (!values.includes(undefined)) {
          if (seen.has(key)) return;
          seen.add(key);
        }
        next.push(row);
      },
      end: next.end,
    };
  };
}
