/** A Logs Insights query as written: the grammar's output. Whether its functions exist is decided when it is compiled. */

/** Offsets in the query's text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Why a query cannot be understood, and where. */
export class QueryError extends Error {
  readonly place: Place;
  constructor(message: string, place: Place) {
    super(message);
    this.name = 'QueryError';
    this.place = place;
  }
}

/** A query that was understood and whose run was ended. */
export class QueryStopped extends Error {
  readonly status: 'Failed' | 'Timeout';
  constructor(status: 'Failed' | 'Timeout') {
    super(`the query ended as ${status}`);
    this.status = status;
  }
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';

export type Expression = { readonly place: Place } & (
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'period'; readonly count: number; readonly unit: string }
  /** The star of `count(*)`. */
  | { readonly kind: 'all' }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'like'; readonly value: Expression; readonly pattern: Pattern }
  | { readonly kind: 'in'; readonly value: Expression; readonly options: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | {
      readonly kind: 'arithmetic';
      readonly first: Expression;
      /** From left to right, all of the same rank: a list, as a chain of thousands would be too deep to walk. */
      readonly rest: readonly { readonly operator: Arithmetic; readonly operand: Expression }[];
    }
);

export interface Pattern {
  readonly kind: 'text' | 'regex';
  readonly source: string;
  readonly place: Place;
}

/** An expression and the name of its column: the alias, or the expression as written. */
export interface Column {
  readonly name: string;
  readonly expression: Expression;
}

export type Command = { readonly place: Place } & (
  | { readonly kind: 'fields' | 'display'; readonly columns: readonly Column[] }
  | { readonly kind: 'filter'; readonly condition: Expression }
  | { readonly kind: 'stats'; readonly columns: readonly Column[]; readonly by: readonly Column[] }
  | { readonly kind: 'sort'; readonly keys: readonly { readonly value: Expression; readonly descending: boolean }[] }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'dedup'; readonly fields: readonly Expression[] }
  | {
      readonly kind: 'parse';
      readonly from: Expression | undefined;
      readonly pattern: Pattern;
      readonly names: readonly string[];
    }
);

export type Query = readonly Command[];
