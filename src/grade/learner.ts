/** A class: who is in it, and how each account is entered. Credentials are never part of it. */

export type Entry =
  /** AssumeRole from the instructor's own credentials. */
  | { readonly kind: 'role'; readonly roleArn: string; readonly externalId?: string }
  /** A profile of the instructor's own AWS configuration. */
  | { readonly kind: 'profile'; readonly profile: string }
  /** A file that `labproof snapshot` wrote; absolute. */
  | { readonly kind: 'snapshot'; readonly file: string };

export interface Learner {
  /** Unique in its class, and fit for a file's name. */
  readonly id: string;
  readonly name?: string;
  /** 12 digits. Where it is told, another account behind the entry is not graded as this one. */
  readonly account?: string;
  readonly region?: string;
  readonly entry: Entry;
  /** The roster's other columns, by their header, as they stand there. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface Roster {
  /** In the roster's order. */
  readonly learners: readonly Learner[];
  /** Headers of the other columns, in their order. */
  readonly columns: readonly string[];
  /** A Canvas export, to be given back with one column filled; absent for other rosters. */
  readonly canvas?: CanvasExport;
}

/** The rows of a Canvas gradebook export as they were read, header first. */
export interface CanvasExport {
  /** Where it was read from. */
  readonly file: string;
  readonly delimiter: ',' | ';';
  readonly rows: readonly (readonly string[])[];
  /** Learner id -> index of its row. */
  readonly rowOf: Readonly<Record<string, number>>;
}
