import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/check.ts';
import { loadChecks } from '../../src/lab/checks.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { Lab } from '../../src/lab/schema.ts';
import { renderReport } from '../../src/report/report.ts';
import type { Result } from '../../src/run/result.ts';
import { newSession, type Session } from '../../src/run/session.ts';
import { BEGUN, checkResult, NOW, PASSED, VERIFIED } from './fixture.ts';

const HEADINGS = [
  '# VPC Monitoring with Flow Logs',
  '## VPC Monitoring with Flow Logs',
  "## Introducing Today's Project!",
  '### What is Amazon VPC?',
  '### How I used Amazon VPC in this project',
  "### One thing I didn't expect in this project was...",
  '### This project took me...',
  '## In the first part of my project...',
  '### Step 1 - Set up VPCs',
  '### Step 2 - Launch EC2 instances',
  '### Step 3 - Set up Logs',
  '### Step 4 - Set IAM permissions for Logs',
  '## Multi-VPC Architecture',
  '### I also launched EC2 instances in each subnet',
  '## Logs',
  '### I also set up a flow log for VPC 1',
  '## IAM Policy and Roles',
  '## In the second part of my project...',
  '### Step 5 - Ping testing and troubleshooting',
  '### Step 6 - Set up a peering connection',
  '### Step 7 - Analyze flow logs',
  '## Connectivity troubleshooting',
  '## Connectivity troubleshooting',
  '### To solve this, I set up a peering connection between my VPCs',
  '## Connectivity troubleshooting',
  '## Analyzing flow logs',
  '## Logs Insights',
];
const KINDS: readonly Evidence['kind'][] = ['terminal', 'record', 'document', 'table'];

let lab: Lab;
let result: Result;
let session: Session;
beforeAll(async () => {
  const root = join(import.meta.dirname, '../..');
  lab = await loadLab('vpc-flow-logs', {
    labsDir: join(root, 'labs'),
    checks: await loadChecks(join(root, 'checks')),
  });
  const evidenceOf = (id: string, when: string) =>
    KINDS.map((kind): Evidence => ({ kind, title: `${kind} of ${id} ${when}`, content: 'x' }));
  const cloud = { kind: 'aws', account: '123456789012', region: 'us-east-1' } as const;
  const points = { earned: 100, possible: 100 };
  result = {
    schema: 'labproof/result/v1',
    lab: { id: lab.id, version: lab.version, digest: lab.digest },
    cloud,
    verdict: 'pass',
    points,
    resources: Object.fromEntries(Object.keys(lab.resources).map((name) => [name, `id-of-${name}`])),
    steps: lab.steps.map(({ id, title, checks }) => ({
      id,
      title,
      verdict: 'pass',
      points,
      checks: checks.map((use) => checkResult(use.id, `Check ${use.id}`, use.points, evidenceOf(use.id, 'now'))),
    })),
    calls: { total: 0, byOperation: {} },
    startedAt: new Date(VERIFIED).toISOString(),
    durationMs: 1,
  };
  const questions = [...lab.questions, ...lab.steps.flatMap((step) => step.questions)];
  session = {
    ...newSession(lab, cloud, BEGUN),
    answers: Object.fromEntries(
      questions.map(({ id, kind }) => [id, { value: kind === 'text' ? `My answer to ${id}.` : 0, at: PASSED }]),
    ),
    passed: Object.fromEntries(
      lab.steps.flatMap(({ checks }) =>
        checks.map(({ id }) => [id, { at: PASSED, evidence: evidenceOf(id, 'first') }]),
      ),
    ),
  };
});

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe('the write-up of VPC Monitoring with Flow Logs', () => {
  test.each([
    'with everything',
    'for an instructor, without a session',
    'before anything was verified',
    'empty',
  ])('has the headings of that project, in their order: %s', (what) => {
    const withSession = what === 'with everything' || what === 'before anything was verified';
    const withResult = what === 'with everything' || what === 'for an instructor, without a session';
    const text = renderReport({ lab, now: NOW, ...(withSession && { session }), ...(withResult && { result }) });
    expect(text.split('\n').filter((line) => /^#+ /.test(line))).toEqual(HEADINGS);
  });

  test('has a place for every answer, once', () => {
    const text = renderReport({ lab, session, result, now: NOW });
    for (const step of [lab, ...lab.steps])
      for (const question of step.questions)
        expect(
          occurrences(text, question.kind === 'text' ? `> My answer to ${question.id}.` : `**${question.prompt}**`),
          question.id,
        ).toBe(1);
  });

  test('without answers leaves every question open and invents none', () => {
    const text = renderReport({ lab, result, now: NOW });
    const questions = [...lab.questions, ...lab.steps.flatMap((step) => step.questions)];
    expect(occurrences(text, '_Not answered yet._')).toBe(questions.length);
    for (const question of questions)
      expect(text).not.toContain(question.kind === 'text' ? question.sample : question.explanation);
  });

  test('shows each step, each check and each piece of evidence once', () => {
    const text = renderReport({ lab, session, result, now: NOW });
    for (const { id } of lab.steps.flatMap((step) => step.checks)) {
      expect(occurrences(text, `| Check ${id} |`), id).toBe(1);
      for (const kind of KINDS)
        expect(
          occurrences(text, `${kind} of ${id} now`) + occurrences(text, `${kind} of ${id} first`),
          `${kind} of ${id}`,
        ).toBe(1);
    }
  });

  test('shows the route tables from before the peering, and from after it', () => {
    const text = renderReport({ lab, session, result, now: NOW });
    const before = text.indexOf('table of private-unanswered first');
    expect(before).toBeGreaterThan(0);
    expect(text.indexOf('table of peering-routes now')).toBeGreaterThan(before);
  });

  test('names every resource by its id', () => {
    const text = renderReport({ lab, result, now: NOW });
    for (const name of Object.keys(lab.resources)) expect(text).toContain(`\`id-of-${name}\``);
  });
});
