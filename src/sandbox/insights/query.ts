/** A Logs Insights query, parsed. Only what is evaluated exists here: all else is refused by the parser. */

export type Expression =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'bin'; readonly milliseconds: number }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'like'; readonly value: Expression; readonly pattern: string | RegExp }
  | { readonly kind: 'in'; readonly value: Expression; readonly options: readonly Expression[] }
  | { readonly kind: 'present'; readonly field: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** An expression and the name of its column: the alias, or the expression as written. */
export interface Column {
  readonly name: string;
  readonly expression: Expression;
}

export interface Aggregate {
  readonly name: string;
  readonly function: 'sum' | 'count' | 'avg' | 'min' | 'max';
  /** Absent for `count(*)`. */
  readonly argument?: Expression;
}

export type Command =
  | { readonly kind: 'fields' | 'display'; readonly columns: readonly Column[] }
  | { readonly kind: 'filter'; readonly condition: Expression }
  | { readonly kind: 'stats'; readonly aggregates: readonly Aggregate[]; readonly by: readonly Column[] }
  | { readonly kind: 'sort'; readonly keys: readonly { readonly field: string; readonly descending: boolean }[] }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'dedup'; readonly fields: readonly string[] };

export type Query = readonly Command[];
