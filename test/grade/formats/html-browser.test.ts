/** The page in a browser: it sorts, filters, and obeys its own policy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { html } from '../../../src/grade/formats/html/page.ts';
import type { Graded, Row } from '../../../src/grade/grade.ts';
import { CHROMIUM, type Page, withPage } from './browser.ts';
import { ALL_PASS, graded, HOSTILE, info, learner, ungraded } from './class.ts';

const dir = mkdtempSync(join(tmpdir(), 'labproof-page-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function withClass<T>(rows: readonly Row[], use: (page: Page) => Promise<T>): Promise<T> {
  const file = join(dir, 'grades.html');
  writeFileSync(file, html(info, rows, []));
  return withPage(pathToFileURL(file).href, join(dir, 'profile'), use);
}

const points = (earned: number): Partial<Graded> => ({ points: { earned, possible: 100 }, percent: earned });
const rows = [
  graded('ada', ALL_PASS, points(100)),
  ungraded('bob'),
  graded('l10', ['pass', 'fail', 'fail', 'pass'], points(40)),
  graded('l9', ['pass', 'fail', 'pass', 'pass'], points(9.5)),
];

/** Of the lines that are shown, in their order. */
const LEARNERS =
  'Array.from(document.querySelectorAll("#grades tbody tr")).filter((row) => row.checkVisibility()).map((row) => row.cells[0].textContent)';
const click = (title: string) =>
  `Array.from(document.querySelectorAll("button")).find((button) => button.textContent === "${title}").click()`;
const type = (id: string, value: string) =>
  `(() => { const control = document.getElementById("${id}"); control.value = "${value}"; control.dispatchEvent(new Event("input")); })()`;

// CI says so in its environment: there, nothing is left out in silence.
describe.skipIf(!CHROMIUM && !process.env.CI)('in Chromium', () => {
  test('a column’s name sorts by numbers or words, and those who could not be graded stay last', () =>
    withClass(rows, async ({ evaluate }) => {
      expect(await evaluate(LEARNERS)).toEqual(['ada', 'bob', 'l10', 'l9']);
      await evaluate(click('Points'));
      expect(await evaluate(LEARNERS)).toEqual(['l9', 'l10', 'ada', 'bob']);
      expect(await evaluate('document.querySelector("th[aria-sort]").textContent')).toBe('Points');
      await evaluate(click('Points'));
      expect(await evaluate(LEARNERS)).toEqual(['ada', 'l10', 'l9', 'bob']);
      expect(await evaluate('document.querySelector("th[aria-sort]").ariaSort')).toBe('descending');
      await evaluate(click('Learner'));
      expect(await evaluate(LEARNERS)).toEqual(['ada', 'bob', 'l9', 'l10']);
      expect(await evaluate('document.querySelectorAll("th[aria-sort]").length')).toBe(1);
    }));

  test('search, status and finding leave the lines that fit all of them, and say how many', () =>
    withClass(rows, async ({ evaluate }) => {
      const shown = 'document.getElementById("shown").textContent';
      expect(await evaluate(shown)).toBe('4 of 4 learners');
      await evaluate(type('search', 'NAME 1111'));
      expect(await evaluate(LEARNERS)).toEqual(['ada', 'l10', 'l9']);
      await evaluate(click('PING_FAIL'));
      expect(await evaluate(LEARNERS)).toEqual(['l10']);
      expect(await evaluate(shown)).toBe('1 of 4 learners');
      await evaluate(type('search', ''));
      await evaluate(type('code', ''));
      await evaluate(type('status', 'unknown'));
      expect(await evaluate(LEARNERS)).toEqual(['bob']);
    }));

  test('nothing is asked for, nothing is refused, and no name runs, not even one put in later', () =>
    withClass(
      HOSTILE.map((text, index) => ({
        ...graded(`l${index}`, ALL_PASS),
        learner: learner(`l${index}`, { name: text, columns: { note: text } }),
      })),
      async ({ evaluate, requests, complaints }) => {
        expect(await evaluate('document.getElementById("grades").tBodies[0].rows[2].cells[1].textContent')).toBe(
          '<script>alert(1)</script>',
        );
        expect(requests).toHaveLength(1);
        expect(complaints).toEqual([]);
        await evaluate(
          'document.body.append(Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" }))',
        );
        expect(await evaluate('globalThis.ran')).toBeUndefined();
        await evaluate('fetch("https://evil.example/").catch(() => {})');
        expect(complaints.join()).toContain('Content Security Policy');
      },
    ));

  test('every control has a name, and each table its headers', () =>
    withClass(rows, async ({ evaluate }) => {
      expect(
        await evaluate(
          'Array.from(document.querySelectorAll("input, select"), ({ labels }) => labels[0].innerText.split("\\n")[0])',
        ),
      ).toEqual(['Search', 'Status', 'Finding']);
      expect(await evaluate('document.querySelectorAll("th:not([scope])").length')).toBe(0);
      expect(await evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }));
});
