/** The table of all learners: the heat map of their checks, to be sorted and filtered. */
import type { Verdict } from '../../../check.ts';
import { counted } from '../../../lib/words.ts';
import type { ClassInfo, Grade, Row } from '../../grade.ts';
import { codesOf } from '../../statistics.ts';
import { accountOf, type CheckView, checksOf, overridesOf } from '../view.ts';
import { escaped, text } from './escape.ts';

interface Head {
  readonly title: string;
  /** The full text, where the title is short for it. */
  readonly more?: string;
  readonly number?: true;
  /** Of the column, in rem. Told, as a browser needs seconds to find the widths of 3,000 lines by itself. */
  readonly width: number;
}

const WHO: readonly Head[] = [
  { title: 'Learner', width: 9 },
  { title: 'Name', width: 12 },
  { title: 'Account', width: 9.5 },
  { title: 'Status', width: 7 },
  { title: 'Points', number: true, width: 5 },
  { title: 'Percent', number: true, width: 6 },
];
const NOTES: readonly Head[] = [
  { title: 'Days late', number: true, width: 4 },
  { title: 'Set by hand', width: 14 },
  { title: 'Remarks', width: 20 },
];

export const STATUSES = { passed: 'passed', 'not-passed': 'not passed', unknown: 'could not be graded' } as const;

export function gradesTable(info: ClassInfo, columns: readonly string[], rows: readonly Row[]): string {
  const heads = headsOf(info, columns);
  const steps = Map.groupBy(info.columns, ({ step }) => step);
  const groups = [
    group('Learner', WHO.length),
    ...[...steps.values()].map((all) => group(all[0]?.stepTitle ?? '', all.length)),
    group('Notes', NOTES.length),
    ...(columns.length > 0 ? [group('Roster', columns.length)] : []),
  ];
  return [
    '<table id="grades"><caption>Points by check. Choose a column’s name to sort by it.</caption>',
    `<colgroup>${'<col />'.repeat(heads.length)}</colgroup>`,
    `<thead><tr>${groups.join('')}</tr>`,
    `<tr>${heads.map(head).join('')}</tr></thead>`,
    `<tbody>${rows.map((row) => line(info, columns, row)).join('\n')}</tbody></table>`,
  ].join('\n');
}

/** Rules that `STYLE` cannot know: they follow from the lab and the roster. */
export function gradesStyle(info: ClassInfo, columns: readonly string[]): string {
  const widths = headsOf(info, columns).map(({ width }) => width);
  const each = widths.map((width, index) => `#grades col:nth-child(${index + 1}) { width: ${width}rem; }`);
  return [`#grades { width: ${widths.reduce((sum, width) => sum + width, 0)}rem; }`, ...each].join('\n');
}

function headsOf(info: ClassInfo, columns: readonly string[]): readonly Head[] {
  const checks = info.columns.map(
    ({ check, title, possible, hidden }): Head => ({
      title: check,
      more: `${title}: ${counted(possible, 'point')}${hidden ? ', hidden' : ''}`,
      number: true,
      width: 5.5,
    }),
  );
  return [...WHO, ...checks, ...NOTES, ...columns.map((title): Head => ({ title, width: 9 }))];
}

function group(title: string, columns: number): string {
  return `<th scope="colgroup" colspan="${columns}">${text(title)}</th>`;
}

function head({ title, more, number }: Head, column: number): string {
  const full = more === undefined ? '' : ` title="${text(more)}"`;
  return `<th scope="col"><button type="button" data-column="${column}"${number ? ' data-number=""' : ''}${full}>${text(title)}</button></th>`;
}

function line(info: ClassInfo, columns: readonly string[], row: Row): string {
  const { learner, grade } = row;
  const codes = [...new Set(codesOf(row))].join(' ');
  const isGraded = grade.status === 'graded';
  const cells = [
    words(learner.name ?? ''),
    words(accountOf(row)),
    words(STATUSES[statusOf(grade)]),
    isGraded ? number(grade.points.earned) : number(''),
    isGraded ? number(grade.percent) : number(''),
    ...checksOf(info, grade).map((view) => check(view, isGraded)),
    isGraded ? number(grade.late?.days ?? 0) : number(''),
    words(
      overridesOf(grade)
        .map((override) => `${override.check ?? 'all'}: ${override.points} (${override.reason})`)
        .join('; '),
    ),
    words(isGraded ? grade.remarks.join(' ') : `${grade.code}: ${grade.reason}`),
    ...columns.map((column) => words(learner.columns[column] ?? '')),
  ];
  return `<tr data-status="${statusOf(grade)}" data-codes="${escaped(codes)}"><th scope="row">${text(learner.id)}</th>${cells.join('')}</tr>`;
}

function statusOf(grade: Grade): keyof typeof STATUSES {
  if (grade.status !== 'graded') return 'unknown';
  return grade.passed ? 'passed' : 'not-passed';
}

function words(value: string): string {
  return `<td>${text(value)}</td>`;
}

function number(value: number | ''): string {
  return `<td data-value="${value}">${value}</td>`;
}

/** Beside the points the verdict, where it is another than the points let one think. */
const BESIDE: Readonly<Partial<Record<Verdict, string>>> = {
  waiting: 'waiting',
  blocked: 'blocked',
  unknown: 'unknown',
};

function check({ grade, points, override }: CheckView, isGraded: boolean): string {
  if (!points) return '<td class="open" data-value="">–</td>';
  const verdict = grade?.verdict ?? 'unknown';
  // Points of what could not be graded as a whole do not count yet: only the verdict is told.
  if (!isGraded) return `<td class="open" data-value="">${verdict}</td>`;
  const { earned, possible } = points;
  const beside = [BESIDE[verdict] ?? '', override ? 'by hand' : ''].filter(Boolean).map((word) => ` ${word}`);
  const level = verdict === 'unknown' ? 'open' : levelOf(earned, possible, verdict);
  return `<td class="${level}" data-value="${earned}">${earned}${beside.join('')}</td>`;
}

function levelOf(earned: number, possible: number, verdict: Verdict): string {
  if (possible === 0) return verdict === 'pass' ? 'full' : 'none';
  if (earned >= possible) return 'full';
  if (earned <= 0) return 'none';
  return earned * 2 < possible ? 'some' : 'most';
}
