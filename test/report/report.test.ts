import { describe, expect, test } from 'vitest';
import { ReportError } from '../../src/report/error.ts';
import { renderReport } from '../../src/report/report.ts';
import type { Answer } from '../../src/run/session.ts';
import { lab, NOW, result, session } from './fixture.ts';

/** A write-up by a template of one line. */
function rendered(template: string, input: Partial<Parameters<typeof renderReport>[0]> = { session, result }): string {
  const { lab: given = lab, ...rest } = input;
  const text = renderReport({ now: NOW, ...rest, lab: { ...given, reportTemplate: `BODY\n${template}` } });
  return text.slice(text.indexOf('BODY\n') + 5).trimEnd();
}
function answeredBy(id: string, value: Answer['value']) {
  return { session: { ...session, answers: { [id]: { value, at: NOW } } }, result };
}

test('the write-up of a solved lab without a template', async () => {
  await expect(renderReport({ lab, session, result, now: NOW })).toMatchFileSnapshot('solved.md');
});

test('the same input gives the same text', () => {
  expect(renderReport({ lab, session, result, now: NOW })).toBe(renderReport({ lab, session, result, now: NOW }));
});

describe('the head says where the proof comes from', () => {
  test('a sandbox is named as one', () => {
    expect(renderReport({ lab, session, result, now: NOW })).toContain(
      '| Cloud | the sandbox (simulated AWS, with a clock of its own), account `123456789012`, region `eu-west-3` |',
    );
  });
  test('so is an account', () => {
    const cloud = { kind: 'aws', account: '210987654321', region: 'us-east-1' } as const;
    expect(renderReport({ lab, result: { ...result, cloud }, now: NOW })).toContain(
      '| Cloud | AWS, account `210987654321`, region `us-east-1` |',
    );
  });
  test('without a verification it claims none', () => {
    const text = renderReport({ lab, session, now: NOW });
    expect(text).toContain('| Verified | _Not verified yet._ |');
    expect(text).toContain('| Ping | not verified | – of 15 |');
  });
  test('without anything it is an empty form', () => {
    const text = renderReport({ lab, now: NOW });
    expect(text).toContain('| Cloud | _No cloud was looked at._ |');
    expect(text).toContain('| VPC 1 | _not looked up_ |');
    expect(text.match(/_Not answered yet\._/g)).toHaveLength(3);
  });
});

describe('a question', () => {
  test('shows the answer as it was given', () => {
    expect(rendered("{{ 'what-vpc' | answer }}")).toBe('**What is Amazon VPC?**\n\n> A network of my own.');
  });
  test('may go without its prompt, where the heading asks', () => {
    expect(rendered("{{ 'what-vpc' | reply }}")).toBe('> A network of my own.');
  });
  test('without an answer is open, with its beginning', () => {
    expect(rendered("{{ 'what-routes' | answer }}", { result })).toBe(
      '**Why did you update the route tables?**\n\n_Not answered yet._\n\n> I updated both route tables so that …',
    );
  });
  test('with a blank answer is open', () => {
    expect(rendered("{{ 'what-vpc' | answer }}", answeredBy('what-vpc', ' \n '))).toContain('_Not answered yet._');
  });
  test('never shows the sample answer', () => {
    expect(renderReport({ lab, result, now: NOW })).not.toContain('one’s own');
  });
  test('that was predicted wrong says what is right, and why', () => {
    expect(rendered("{{ 'predict-ping' | answer }}")).toBe(
      '**Will the ping be answered?**\n\nPrediction, 2026-11-23 09:01:00 UTC:\n\n> Yes\n\n_Not right; right is “No”._ No route leads to the other network.',
    );
  });
  test('that was predicted right says so', () => {
    expect(rendered("{{ 'predict-ping' | answer }}", answeredBy('predict-ping', 1))).toContain(
      '> No\n\n_Right._ No route leads',
    );
  });
  test('that was not predicted keeps its solution to itself', () => {
    expect(rendered("{{ 'predict-ping' | answer }}", { result })).toBe(
      '**Will the ping be answered?**\n\n_Not answered yet._',
    );
  });
  test('whose chosen option the lab no longer has is open', () => {
    expect(rendered("{{ 'predict-ping' | answer }}", answeredBy('predict-ping', 7))).toContain('_Not answered yet._');
  });
});

describe('evidence', () => {
  test('is the newest, with its time', () => {
    expect(rendered("{{ 'routes' | evidence: 'table' }}")).toBe(
      [
        'Route table rtb-0aa (seen 2026-11-23 10:00:00 UTC):',
        '',
        '| Destination | Target | State |',
        '| --- | --- | --- |',
        '| 10.1.0.0/16 | local | active |',
        '| 0.0.0.0/0 | igw-0aa | active |',
        '| 10.2.0.0/16 | pcx-0aa | active |',
      ].join('\n'),
    );
  });
  test('from before is what the first pass showed', () => {
    const text = rendered("{{ 'unanswered' | first_evidence: 'table' }}");
    expect(text).toContain('Route table rtb-0aa (seen when the check first passed, 2026-11-23 09:20:05 UTC):');
    expect(text).not.toContain('pcx-');
  });
  test('from before, where nobody walked the lab, is the newest and says so', () => {
    expect(rendered("{{ 'unanswered' | first_evidence: 'table' }}", { result })).toContain(
      'Route table rtb-0aa (no earlier picture was kept; seen 2026-11-23 10:00:00 UTC):',
    );
  });
  test('that only the session still has is shown with its time', () => {
    expect(rendered("{{ 'unanswered' | evidence: 'terminal' }}", { session })).toContain(
      'ping on i-0aa11 (seen when the check first passed, 2026-11-23 09:20:05 UTC):',
    );
  });
  test('may be of several kinds', () => {
    const text = rendered("{{ 'unanswered' | first_evidence: 'record, terminal' }}");
    expect(text).toContain('0 received');
    expect(text).not.toContain('igw-0aa');
  });
  test('that is missing says so', () => {
    expect(rendered("{{ 'routes' | evidence: 'record' }}")).toBe(
      '_No evidence: the check “Routes both ways” is pass._',
    );
    expect(rendered("{{ 'routes' | evidence }}", {})).toBe(
      '_No evidence: the check “Routes both ways” is not verified._',
    );
  });
  test('of a terminal is shown as it was, blank lines and all', () => {
    expect(rendered("{{ 'unanswered' | evidence: 'terminal' }}")).toContain(
      '```text\nPING 10.2.6.209 (10.2.6.209) 56(84) bytes of data.\n\n--- 10.2.6.209 ping statistics ---\n5 packets transmitted, 0 received, 100% packet loss, time 4085ms\n```',
    );
  });
  test('of a record is the line and what each field says', () => {
    expect(rendered("{{ 'recorded' | evidence: 'record' }}")).toContain(
      '```text\n2 123456789012 eni-0aa11 10.1.5.112 10.2.6.209 0 0 1 5 420 1795427000 1795427004 ACCEPT OK\n```\n\n| Field | Value | Meaning |\n| --- | --- | --- |\n| protocol | 1 | ICMP |',
    );
  });
});

describe('a step', () => {
  const finding = {
    code: 'ROUTE_MISSING',
    severity: 'error' as const,
    message: 'Route table rtb-0bb has no route to 10.1.0.0/16.',
    resources: ['rtb-0bb'],
    expected: '10.1.0.0/16 -> pcx-0aa',
    actual: '10.2.0.0/16 -> local',
    fix: { console: 'VPC > Route tables > rtb-0bb', command: 'aws ec2 create-route --route-table-id rtb-0bb' },
  };
  const failed = {
    ...result,
    steps: result.steps.map((step) => ({
      ...step,
      checks: step.checks.map((check) =>
        check.id === 'routes'
          ? { ...check, verdict: 'fail' as const, points: { earned: 0, possible: 10 }, findings: [finding] }
          : check,
      ),
    })),
  };
  test('shows each check with verdict, points and when it first passed, then what is wrong and how to mend it', () => {
    expect(rendered("{{ 'ping' | verdicts }}", { session, result: failed })).toBe(
      [
        '| Check | Verdict | Points | First passed |',
        '| --- | --- | --- | --- |',
        '| The first ping has no answer | pass | 5 of 5 | 2026-11-23 09:20:05 UTC |',
        '| Routes both ways | fail | 0 of 10 | 2026-11-23 09:21:05 UTC |',
        '',
        '`ROUTE_MISSING` (error): Route table rtb-0bb has no route to 10.1.0.0/16.\\',
        'Expected: 10.1.0.0/16 -> pcx-0aa\\',
        'Found: 10.2.0.0/16 -> local\\',
        'In the console: VPC > Route tables > rtb-0bb',
        '',
        '```sh',
        'aws ec2 create-route --route-table-id rtb-0bb',
        '```',
      ].join('\n'),
    );
  });
  test('without a verification shows what the session remembers, and no points', () => {
    expect(rendered("{{ 'ping' | verdicts }}", { session })).toContain('| Routes both ways | pass | – of 10 |');
  });
});

describe('a template', () => {
  test.each([
    ['a question that the lab does not have', "{{ 'nope' | answer }}", /no question "nope".*line 2/],
    ['a check that the lab does not have', "{{ 'nope' | evidence }}", /no check "nope"/],
    ['a step that the lab does not have', "{{ 'nope' | verdicts }}", /no step "nope"/],
    ['a resource that the lab does not have', "{{ 'nope' | resource }}", /no resource "nope"/],
    ['a kind of evidence that there is not', "{{ 'routes' | evidence: 'terminal, photo' }}", /kind "photo"/],
    ['an unknown variable', '{{ secret }}', /undefined variable: secret/],
    ['an unknown filter', "{{ 'x' | shout }}", /undefined filter: shout/],
    ['switched-off escaping', '{{ lab.title | raw }}', /undefined filter: raw/],
    ['a file from outside', "{% render '/etc/passwd' %}", /passwd/],
    ['broken Liquid', '{% if %}', /not closed|invalid/],
    ['something inherited', '{{ lab.constructor.name }}', /undefined variable/],
    ['an endless loop', '{% for a in (1..1000000000) %}x{% endfor %}', /limit/],
  ])('with %s is refused, and the message says where', (_, template, message) => {
    expect(() => rendered(template)).toThrow(ReportError);
    expect(() => rendered(template)).toThrow(message);
    expect(() => rendered(template)).toThrow(/report template of lab small/);
  });
  test('puts out the words of lab and cloud escaped', () => {
    expect(rendered('{{ lab.title }}', { lab: { ...lab, title: '<b>*Lab*</b>' } })).toBe('&lt;b>\\*Lab\\*&lt;/b>');
  });
  test('shows a resource that was not found', () => {
    expect(
      rendered("{{ 'vpc2' | resource }}", { result: { ...result, resources: { vpc1: 'vpc-0aa', vpc2: null } } }),
    ).toBe('_not found_');
  });
});
