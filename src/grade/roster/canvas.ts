/**
 * The gradebook that Canvas exports, as a roster: the instructor has put columns for the way in behind its own.
 * By Canvas' lib/gradebook_exporter.rb and lib/gradebook_importer.rb.
 */
import { columnName } from './header.ts';

/** Columns of Canvas before the assignments, by index. */
export interface CanvasHeader {
  /** The last of them. */
  readonly section: number;
  readonly id: number;
  readonly sisUserId: number | undefined;
  readonly sisLoginId: number | undefined;
  /** The name stands in two: LastName, FirstName. */
  readonly isSplitName: boolean;
}

/** What Canvas' importer takes for its own; undefined for any other header. */
export function canvasHeader(header: readonly string[]): CanvasHeader | undefined {
  const [first = '', second = '', third = ''] = header;
  const isSplitName = first.includes('LastName') && second.includes('FirstName') && third.includes('ID');
  const isWhole = first.includes('Student') && second.includes('ID');
  const section = header.findIndex((cell) => cell.trim() === 'Section');
  if ((!isSplitName && !isWhole) || section === -1 || header.some((cell) => columnName(cell) === 'learner'))
    return undefined;
  const find = (name: string) => {
    const index = header.findIndex((cell) => columnName(cell) === name);
    return index === -1 || index > section ? undefined : index;
  };
  return {
    section,
    id: isSplitName ? 2 : 1,
    sisUserId: find('sis_user_id'),
    sisLoginId: find('sis_login_id'),
    isSplitName,
  };
}

/** Whether a row is one of a student: not the points possible, the posting policies or Canvas' own test student. */
export function isStudent(cells: readonly string[], { isSplitName }: CanvasHeader): boolean {
  const [first = '', second = ''] = cells.map((cell) => cell.trim());
  if (isPointsPossible(cells)) return false;
  if (cells.every((cell) => /^\s*(Muted|Manual Posting.*)?\s*$/i.test(cell))) return false;
  return !(isSplitName ? first === 'Student' && second === 'Test' : first === 'Student, Test');
}

export function isPointsPossible(cells: readonly string[]): boolean {
  return cells[0]?.includes('Points Possible') ?? false;
}

/** Whose row it is, by the names that instructors know: SIS Login ID, else SIS User ID, else Canvas' own ID. */
export function canvasLearner(
  cells: readonly string[],
  header: CanvasHeader,
): { id: string; name: string; idColumn: number } {
  const text = (column: number | undefined) => (column === undefined ? '' : (cells[column] ?? '').trim());
  const idColumn = [header.sisLoginId, header.sisUserId].find((column) => text(column) !== '') ?? header.id;
  return { id: text(idColumn), name: header.isSplitName ? `${text(1)} ${text(0)}`.trim() : text(0), idColumn };
}
