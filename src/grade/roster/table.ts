/** A file of rows with named columns, CSV or YAML, whichever it is; every cell knows its place. */
import { FileError, readTextFile } from '../../lib/text-file.ts';
import { readCsv } from './csv.ts';
import type { Place } from './problems.ts';
import { readYaml } from './yaml.ts';

export interface TableRow {
  /** In the order of the header, as they stand in the file. Holes for keys that an entry of YAML does not have. */
  readonly cells: readonly string[];
  /** Of a cell, or of the row. */
  readonly place: (column?: number) => Place;
}

export interface Table {
  readonly file: string;
  readonly header: TableRow;
  /** Without rows in which every cell is blank. */
  readonly rows: readonly TableRow[];
  /** Undefined for YAML. */
  readonly delimiter: Delimiter | undefined;
}

export type Delimiter = ',' | ';' | '\t';

const MOST_CSV_BYTES = 64 * 2 ** 20;
/** Reading YAML with its positions takes far more time and memory than CSV. */
const MOST_YAML_BYTES = 4 * 2 ** 20;

/**
 * @param names Columns that are expected: they decide between delimiters.
 * @param listKey In YAML, the list may stand under this key.
 * @throws FileError
 */
export async function readTable(file: string, names: readonly string[], listKey: string): Promise<Table> {
  if (/\.ya?ml$/i.test(file)) return readYaml(await readTextFile(file, MOST_YAML_BYTES), file, listKey);
  return readCsv(await readCsvText(file), file, names);
}

async function readCsvText(file: string): Promise<string> {
  try {
    return await readTextFile(file, MOST_CSV_BYTES);
  } catch (error) {
    if (!(error instanceof FileError) || error.problems[0].code !== 'NOT_TEXT') throw error;
    const message = `${error.problems[0].message} In Excel, save it as “CSV UTF-8 (Comma delimited)”.`;
    throw new FileError({ ...error.problems[0], message });
  }
}
