/**
 * `grades.html`: the class on one page that needs no network, no other file and no permission. The tables are complete
 * without JavaScript, which only sorts and filters them.
 */
import { createHash } from 'node:crypto';
import { counted } from '../../../lib/words.ts';
import { utc } from '../../../report/blocks.ts';
import type { ClassInfo, Row } from '../../grade.ts';
import { type Same, sharedText } from '../../sameness.ts';
import { checkCounts, commonFindings, distributionOf, type Summary, summaryOf } from '../../statistics.ts';
import { text } from './escape.ts';
import { gradesStyle, gradesTable, STATUSES } from './grades.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export function html(info: ClassInfo, rows: readonly Row[], same: readonly Same[]): string {
  const columns = [...new Set(rows.flatMap(({ learner }) => Object.keys(learner.columns)))];
  const summary = summaryOf(rows);
  const style = `${STYLE}${gradesStyle(info, columns)}\n`;
  const codes = commonFindings(rows).map(({ code }) => code);
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8" />',
    `<meta http-equiv="Content-Security-Policy" content="${policy(style)}" />`,
    '<meta name="viewport" content="width=device-width, initial-scale=1" /><meta name="referrer" content="no-referrer" />',
    `<title>Grades: ${text(info.lab.title)}</title>`,
    `<style>${style}</style></head>`,
    '<body>',
    `<header><h1>Grades: ${text(info.lab.title)}</h1>`,
    `<p>${summaryText(info, summary)}</p>`,
    `<p class="quiet">Lab ${text(info.lab.id)} ${text(info.lab.version)}, ${text(info.lab.digest)}.${gradedText(rows)}</p></header>`,
    '<main>',
    `<div class="sides">${distribution(rows)}${findings(rows)}</div>`,
    checks(info, rows),
    sameSection(same),
    '<section aria-labelledby="grades-title"><h2 id="grades-title">Learners</h2>',
    filters(codes),
    '<p class="key quiet">Of a check’s points: <span class="none">none</span><span class="some">less than half</span><span class="most">half or more</span><span class="full">all</span><span class="open">could not be told</span></p>',
    '<div class="scroll" id="grades-scroll" role="region" aria-labelledby="grades-title" tabindex="0">',
    gradesTable(info, columns, rows),
    '</div></section>',
    '</main>',
    `<script>${SCRIPT}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

/** Nothing is loaded, nothing is sent, and no script runs but the one above, whatever a name may hold. */
function policy(style: string): string {
  const hash = (content: string) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  return `default-src 'none'; script-src ${hash(SCRIPT)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
}

function summaryText(info: ClassInfo, { learners, graded, passed, mean, median }: Summary): string {
  const open = learners - graded;
  return [
    `${counted(learners, 'learner')}: ${passed} passed (${info.passMark} % of ${counted(info.possible, 'point')} or more), ${graded - passed} did not`,
    open > 0 ? `, and ${open} could not be graded (which is not a zero, and in no mean)` : '',
    '.',
    mean === undefined ? '' : ` Mean ${mean} %, median ${median} %.`,
  ].join('');
}

/** When the newest of the grades was told, so that the same grades make the same page. */
function gradedText(rows: readonly Row[]): string {
  const times = rows.map(({ grade }) => Date.parse(grade.gradedAt)).filter(Number.isFinite);
  return times.length === 0 ? '' : ` Graded until ${utc(times.reduce((newest, time) => Math.max(newest, time)))}.`;
}

function distribution(rows: readonly Row[]): string {
  const bins = distributionOf(rows);
  const most = Math.max(1, ...bins.map(({ learners }) => learners));
  const lines = bins.map(({ from, learners }) => {
    const bar = `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(learners * 100) / most}" height="10" /></svg>`;
    const range = from === 90 ? '90 to 100' : `${from} to under ${from + 10}`;
    return `<tr><th scope="row">${range}</th><td class="number">${learners}</td><td>${bar}</td></tr>`;
  });
  return section('Distribution', table('distribution', ['Percent', 'Learners', 'Share'], lines));
}

function findings(rows: readonly Row[]): string {
  const lines = commonFindings(rows).map(
    ({ code, learners, times }) =>
      `<tr><th scope="row"><button type="button" data-code="${text(code)}">${text(code)}</button></th><td class="number">${learners}</td><td class="number">${times}</td></tr>`,
  );
  const body =
    lines.length > 0
      ? table(
          'findings',
          ['Finding', 'Learners', 'Times'],
          lines,
          'Of checks that did not pass, and why accounts could not be graded. Choose one to see its learners.',
        )
      : '<p>None: every check passed.</p>';
  return section('Commonest findings', body);
}

function checks(info: ClassInfo, rows: readonly Row[]): string {
  const lines = checkCounts(info, rows).map(
    ({ column, passed, notPassed, open }) =>
      `<tr><th scope="row">${text(column.check)}</th><td>${text(column.title)}${column.hidden ? ' (hidden)' : ''}</td>${[column.possible, passed, notPassed, open].map((value) => `<td class="number">${value}</td>`).join('')}</tr>`,
  );
  return section('Checks', table('checks', ['Check', 'Title', 'Points', 'Passed', 'Not passed', 'Open'], lines));
}

function sameSection(same: readonly Same[]): string {
  if (same.length === 0) return '';
  const items = same.map((fact) => {
    const shown = fact.learners.slice(0, 20).map(text).join(', ');
    const rest = fact.learners.length > 20 ? ` and ${fact.learners.length - 20} more` : '';
    return `<li>${shown}${rest}: ${text(sharedText(fact))}</li>`;
  });
  return section(
    'In common',
    `<p>What two or more accounts share, for you to judge; no points follow from it.</p><ul class="scroll">${items.join('\n')}</ul>`,
  );
}

function filters(codes: readonly string[]): string {
  const options = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([value, label]) => `<option value="${text(value)}">${text(label)}</option>`).join('');
  return [
    '<div id="filters" hidden="">',
    '<label>Search<input id="search" type="search" autocomplete="off" /></label>',
    `<label>Status<select id="status">${options([['', 'all'], ...Object.entries(STATUSES)])}</select></label>`,
    `<label>Finding<select id="code">${options([['', 'all'], ...codes.map((code) => [code, code] as const)])}</select></label>`,
    '<output id="shown" aria-live="polite"></output></div>',
    '<noscript><p>Sorting and filtering need JavaScript; the tables are complete without it.</p></noscript>',
  ].join('');
}

/** Heads of columns that hold no numbers. */
const WORDS = ['Percent', 'Share', 'Finding', 'Check', 'Title'];

function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>${body}</section>`;
}

function table(id: string, heads: readonly string[], lines: readonly string[], caption = ''): string {
  return [
    `<div class="scroll" role="region" aria-label="${heads[0]}" tabindex="0"><table id="${id}">`,
    caption === '' ? '' : `<caption>${caption}</caption>`,
    `<thead><tr>${heads.map((head) => `<th scope="col"${WORDS.includes(head) ? '' : ' class="number"'}>${head}</th>`).join('')}</tr></thead>`,
    `<tbody>${lines.join('\n')}</tbody></table></div>`,
  ].join('');
}
