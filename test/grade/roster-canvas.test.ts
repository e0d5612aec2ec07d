import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canvasColumn, canvasFile } from '../../src/grade/formats/canvas.ts';
import type { CanvasExport } from '../../src/grade/learner.ts';
import { readRoster } from '../../src/grade/roster/roster.ts';
import { problemsOf, write } from './roster-files.ts';

/** As lib/gradebook_exporter.rb of Canvas writes it, with two columns put behind it. */
const EXPORT = `Student,ID,SIS User ID,SIS Login ID,Section,Notes,VPC lab (501),Quiz (502),Quiz (503),Old quiz (504),Current Score,account,profile
,,,,,,Manual Posting,,,,,,
    Points Possible,,,,,,50.00,10.00,10.00,(read only),(read only),,
"Doe, Jane",9001,S-1,jdoe,A and B,late,12.00,1.00,,,80.12,123456789012,jane
"=""=cmd|' /C calc'!A0""",9002,S-2,,A,,,,,,,,max
"O""Neil, Zoë",9003,,,A,,EX,,,,,,zoe
"Roe, Ann",9004,S-4,ann,A,,N/A,,,,,,ann
"Student, Test",9005,,0a1b2c,A,,,,,,,,
`;

const read = (text: string) => readRoster(write('canvas.csv', text));
const problems = (text: string) => problemsOf(() => read(text));
async function canvasOf(text = EXPORT): Promise<CanvasExport> {
  const { canvas } = await read(text);
  if (!canvas) throw new Error('This was not read as an export of Canvas.');
  return canvas;
}
const LAB = { title: 'VPC lab', possible: 50 };
const rowsOf = (text: string, delimiter = ','): string[][] => parse(text, { delimiter });
/** The last column. */
const scoresOf = (text: string, delimiter?: string) => rowsOf(text, delimiter).map((row) => row.at(-1));

describe('the gradebook that Canvas exports is a roster', () => {
  test('whose learners are its students, by their login, else SIS id, else id', async () => {
    const { learners, columns } = await read(EXPORT);
    expect(learners.map(({ id, name, entry }) => [id, name, entry])).toEqual([
      ['jdoe', 'Doe, Jane', { kind: 'profile', profile: 'jane' }],
      ['S-2', '="=cmd|\' /C calc\'!A0"', { kind: 'profile', profile: 'max' }],
      ['9003', 'O"Neil, Zoë', { kind: 'profile', profile: 'zoe' }],
      ['ann', 'Roe, Ann', { kind: 'profile', profile: 'ann' }],
    ]);
    expect(learners[0]?.account).toBe('123456789012');
    expect(columns).toEqual(['ID', 'SIS User ID', 'SIS Login ID', 'Section']);
    expect(learners[0]?.columns).toEqual({
      ID: '9001',
      'SIS User ID': 'S-1',
      'SIS Login ID': 'jdoe',
      Section: 'A and B',
    });
  });

  test('also with the name in two columns, no SIS ids, and semicolons', async () => {
    const roster = await read(
      'LastName;FirstName;ID;Section;Lab, A, B, C, D (1);Profile\r\nDoe;Jane;7;A;"1,5";p\r\nStudent;Test;8;A;;\r\n',
    );
    expect(roster.learners).toMatchObject([{ id: '7', name: 'Jane Doe', entry: { profile: 'p' } }]);
    expect(roster.canvas?.delimiter).toBe(';');
  });

  test('a roster with a column learner is none, whatever else it has', async () => {
    const { canvas, learners } = await read('Student name,Student ID,Section,learner,profile\nDoe,1,A,jdoe,p\n');
    expect(canvas).toBeUndefined();
    expect(learners[0]?.id).toBe('jdoe');
  });

  test('what is missing in it is told at its place', async () => {
    const [header = '', ...rows] = EXPORT.split('\n');
    expect(await problems(EXPORT.replace('123456789012,jane', '1234,'))).toEqual([
      '4:22 NO_WAY_IN This row has no way in: it needs a role_arn, a profile or a snapshot.',
      '4:59 BAD_ACCOUNT "1234" is not an account\'s number, which has 12 digits.',
    ]);
    expect(await problems(EXPORT.replace('"Roe, Ann",9004,S-4,ann', ',,,'))).toEqual([
      '7:2 NO_LEARNER This row names no learner.',
    ]);
    expect(await problems([header.replace('profile', 'profil'), ...rows].join('\n'))).toEqual([
      expect.stringMatching(/^1:1 NO_WAY_IN There is no column role_arn, profile or snapshot. Add it behind/),
      expect.stringMatching(/^1:124 UNKNOWN_COLUMN Is the column profil meant to be profile\?/),
    ]);
  });
});

describe('the file for Canvas', () => {
  test('has the columns about the student and the assignment, and no other', async () => {
    const text = canvasFile(await canvasOf(), LAB, (id) => ({ jdoe: 37.5, 'S-2': 0 })[id]);
    expect(rowsOf(text)).toEqual([
      ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'VPC lab (501)'],
      ['    Points Possible', '', '', '', '', '50.00'],
      ['Doe, Jane', '9001', 'S-1', 'jdoe', 'A and B', '37.50'],
      ['="=cmd|\' /C calc\'!A0"', '9002', 'S-2', '', 'A', '0.00'],
      ['O"Neil, Zoë', '9003', '', '', 'A', 'EX'],
      ['Roe, Ann', '9004', 'S-4', 'ann', 'A', 'N/A'],
    ]);
  });

  test('takes no grade away from who could not be graded, and none who is excused is graded', async () => {
    expect(scoresOf(canvasFile(await canvasOf(), LAB, () => undefined))).toEqual([
      'VPC lab (501)',
      '50.00',
      '12.00',
      '',
      'EX',
      'N/A',
    ]);
    expect(scoresOf(canvasFile(await canvasOf(), LAB, () => 50))).toEqual([
      'VPC lab (501)',
      '50.00',
      '50.00',
      '50.00',
      'EX',
      'N/A',
    ]);
  });

  test("turns our points into the assignment's where Canvas has others", async () => {
    const scores = (text: string, possible: number) =>
      canvasOf(text).then((canvas) => scoresOf(canvasFile(canvas, { ...LAB, possible }, () => possible / 3))[3]);
    expect(await scores(EXPORT, 60)).toBe('16.67');
    expect(await scores(EXPORT.replace('50.00', '"100,00"'), 60)).toBe('33.33');
    for (const untold of ['0.00', '', ' ']) expect(await scores(EXPORT.replace('50.00', untold), 60)).toBe('20.00');
  });

  test.each([
    '"1,000.00"',
    '"1.000,00"',
    '"1,000"',
    '1e3',
    '50 Pts',
    '-50.00',
    '(schreibgeschützt)',
  ])('is refused at its place where the points are %s, as scores would come out as others', async (points) => {
    const canvas = await canvasOf(EXPORT.replace('50.00', points));
    expect(await problemsOf(() => canvasColumn(canvas, 'VPC lab'))).toEqual([
      `3:26 BAD_POINTS The points possible of VPC lab (501) are "${points.replaceAll('"', '')}", which is no number as Canvas writes it, such as 1000.00. Put them right in this file, or export it from Canvas again.`,
    ]);
    expect((await problemsOf(() => canvasFile(canvas, LAB, () => 1))).length).toBe(1);
    expect(canvasColumn(canvas, 'Quiz (503)')).toMatchObject({ possible: 10 });
  });

  test('counts lines as an editor does, also behind a title of two lines', async () => {
    const canvas = await canvasOf(EXPORT.replace('Notes', '"My\nnotes, all"').replace('10.00', '"x,y"'));
    expect(await problemsOf(() => canvasColumn(canvas, 'Quiz (502)'))).toEqual([expect.stringMatching(/^4:32 /)]);
  });

  test('names a new assignment with its points; also where the export lost its row of them', async () => {
    const [header = '', , , ...rows] = EXPORT.split('\n');
    for (const text of [EXPORT, [header, ...rows].join('\n')]) {
      const canvas = await canvasOf(text);
      expect(canvasColumn(canvas, 'VPC lap')).toEqual({
        kind: 'new',
        header: 'VPC lap',
        assignments: ['VPC lab (501)', 'Quiz (502)', 'Quiz (503)', 'Old quiz (504)'],
      });
      expect(scoresOf(canvasFile(canvas, { title: 'VPC lap', possible: 8 }, () => 1.005))).toEqual([
        'VPC lap',
        '8.00',
        '1.01',
        '1.01',
        '1.01',
        '1.01',
      ]);
    }
  });

  test('keeps the delimiter, and the order of students whose ids are numbers', async () => {
    const text = canvasFile(
      await canvasOf('Student;ID;Section;profile\nB, b;20;A;p\nA, a;3;A;p\n'),
      { title: 'Lab', possible: 1 },
      () => 1,
    );
    expect(text.split('\n')).toEqual([
      'Student;ID;Section;Lab',
      '    Points Possible;;;1.00',
      'B, b;20;A;1.00',
      'A, a;3;A;1.00',
      '',
    ]);
  });

  test.each([
    ['Quiz', 'Canvas has two assignments of this title: say Quiz (502) or Quiz (503).'],
    ['Old quiz', 'Canvas lets nobody change Old quiz (504): it is read only.'],
    ['VPC lab (510)', 'Is VPC lab (501) meant?'],
    ['Notes', 'Canvas keeps the column Notes for itself'],
    ['Section', 'Canvas keeps the column Section for itself'],
    ['My Final Score', 'Canvas keeps the column My Final Score for itself'],
    ['  ', 'An assignment needs a title.'],
  ])('is refused for the assignment %s', async (title, message) => {
    const canvas = await canvasOf();
    expect(await problemsOf(() => canvasFile(canvas, { title, possible: 1 }, () => 1))).toEqual([
      expect.stringContaining(message),
    ]);
    expect((await problemsOf(() => canvasColumn(canvas, title))).length).toBe(1);
  });

  test('two assignments of one title are told apart by their number', async () => {
    expect(canvasColumn(await canvasOf(), 'Quiz (503)')).toEqual({
      kind: 'existing',
      index: 8,
      header: 'Quiz (503)',
      possible: 10,
    });
  });

  test('no name is a formula in a spreadsheet, and every other comes back as it was', async () => {
    const name = fc.array(fc.constantFrom('=', '"', '1+1', ' ', '\t', ',', '\n', 'é', '&A1', "'"), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(name, async (parts) => {
        const text = `x${parts.join('')}`.slice(1);
        const canvas: CanvasExport = {
          file: 'canvas.csv',
          delimiter: ',',
          rows: [
            ['Student', 'ID', 'Section'],
            [text, '1', 'A'],
          ],
          rowOf: { a: 1 },
        };
        const [, , [given = ''] = []] = rowsOf(canvasFile(canvas, LAB, () => 1));
        // A formula, if it is one, is one text and nothing else.
        expect(given).toMatch(/^\s*=/.test(text) ? /^="(?:[^"]|"")*"$/ : /^(?!\s*=)/);
        if (!/^\s*=/.test(text)) expect(given).toBe(text);
      }),
    );
  });
});
