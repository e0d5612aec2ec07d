/** One row of a roster as a learner, and what may be wrong between rows. */
import { safe } from '../../lib/terminal-text.ts';
import type { Learner } from '../learner.ts';
import { isSpreadsheetNumber, type Refuse, type RosterColumn, readAccount, readEntry, readRegion } from './entry.ts';
import { fileNameKey, unfitForFileName } from './file-name.ts';
import type { Columns } from './header.ts';
import type { Place, Problems } from './problems.ts';
import type { TableRow } from './table.ts';

/** Who a row is of. */
export interface Identity {
  readonly id: string;
  readonly name: string;
  /** Where the id stands. */
  readonly idColumn: number;
}

export class ClassList {
  readonly #file: string;
  readonly #columns: Columns<RosterColumn>;
  readonly #problems: Problems;
  readonly #seen = new Map<string, { readonly id: string; readonly place: () => Place }>();
  constructor(file: string, columns: Columns<RosterColumn>, problems: Problems) {
    this.#file = file;
    this.#columns = columns;
    this.#problems = problems;
  }

  /** Undefined, and problems, for a row that cannot be one. */
  read(row: TableRow, identity: Identity): Learner | undefined {
    const { known, others, nameless } = this.#columns;
    const { id, name, idColumn } = identity;
    let isRefused = false;
    const refuseAt = (code: string, column: number, message: string | (() => string)) => {
      isRefused = true;
      this.#problems.add(code, () => row.place(column), message);
    };
    const refuse: Refuse = (code, column, message) => refuseAt(code, known.get(column) ?? idColumn, message);
    const textOf = (column: RosterColumn) => (row.cells[known.get(column) ?? -1] ?? '').trim();

    this.#checkId(row, identity, refuseAt);
    for (const index of nameless)
      if (row.cells[index]?.trim()) refuseAt('NAMELESS_COLUMN', index, 'This cell stands in a column without a name.');
    const account = readAccount(textOf, refuse);
    const region = readRegion(textOf, refuse);
    const entry = readEntry(this.#file, textOf, account, refuse);
    if (isRefused || !entry) return undefined;
    const columns = Object.fromEntries(others.map((other) => [other.name, row.cells[other.index] ?? '']));
    return { id, ...(name !== '' && { name }), ...(account && { account }), ...(region && { region }), entry, columns };
  }

  #checkId(
    row: TableRow,
    { id, idColumn }: Identity,
    refuse: (code: string, column: number, message: string | (() => string)) => void,
  ): void {
    if (id === '') {
      refuse('NO_LEARNER', idColumn, 'This row names no learner.');
      return;
    }
    if (isSpreadsheetNumber(id))
      refuse(
        'BAD_LEARNER',
        idColumn,
        `${id}: Excel has made a number of it; format the column as text and enter it again.`,
      );
    const unfit = unfitForFileName(id);
    if (unfit)
      refuse(
        'BAD_LEARNER',
        idColumn,
        `The learner ${JSON.stringify(safe(id).slice(0, 60))} cannot name a file: ${unfit}.`,
      );
    const key = fileNameKey(id);
    const earlier = this.#seen.get(key);
    if (!earlier) this.#seen.set(key, { id, place: () => row.place(idColumn) });
    else
      refuse('DUPLICATE_LEARNER', idColumn, () => {
        const same = earlier.id === id ? `${id} stands` : `${id} is, as a file's name, the ${earlier.id} that stands`;
        return `The learner ${same} in line ${earlier.place().line} too.`;
      });
  }
}
