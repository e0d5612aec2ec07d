/** A Logs Insights query of the learner's found something in the log group. */
import { defineCheck, type Evidence, type Finding, fail, pass, unknown, waiting } from '../../src/check.ts';
import type { QueryAnswer } from '../../src/model/account.ts';
import { table } from '../_evidence.ts';
import { DOCS, quoted, utc } from '../_words.ts';

const RUNNING = ['Scheduled', 'Running'];
const LAB_QUERY = 'stats sum(bytes) as bytesTransferred by srcAddr, dstAddr | sort bytesTransferred desc | limit 10';
const MOST_ROWS = 20;
/** Rows may each have fields of their own: a learner's log lines are JSON of any kind. */
const MOST_COLUMNS = 30;
/** For so long results are kept (CloudWatch Logs API, GetQueryResults). */
const KEPT_MS = 7 * 24 * 60 * 60_000;

export default defineCheck({
  title: 'A Logs Insights query of the log group returns rows',
  params: { logGroup: 'logGroup' },
  needs: ['logGroups'],
  codes: {
    LOG_GROUP_MISSING: 'There is no log group to query.',
    QUERY_NOT_RUN: 'The history of Logs Insights shows no query of this log group.',
    QUERY_RUNNING: 'A query of this log group is still running.',
    QUERY_FAILED: 'Every query of this log group failed, was cancelled or timed out.',
    QUERY_EMPTY: 'Queries of this log group ran, and none of them returned a row.',
    QUERY_FORGOTTEN: 'The history shows no query, but the log group is older than the history reaches back.',
    QUERY_EXPIRED: 'A query ran, but longer ago than its results are kept, so whether it returned rows is not known.',
    FIELD_NAME_MISSPELT: 'The query uses a field name that Logs Insights does not know: names are case-sensitive.',
  },
  mayAsk: ['queries'],
  asks: ({ params: { logGroup } }) => (logGroup.id === null ? [] : [{ kind: 'queries', logGroup: logGroup.id }]),
  judge({ params, slices, now, answer }) {
    const group = params.logGroup.id;
    if (group === null)
      return fail({
        code: 'LOG_GROUP_MISSING',
        severity: 'error',
        message: 'There is no log group that could be queried.',
        resources: [],
        fix: { console: 'CloudWatch > Log groups > Create log group', docs: DOCS.logGroups },
      });

    const queries = answer({ kind: 'queries', logGroup: group }).toSorted((a, b) => b.at - a.at);
    // A row of a field that no record has (srcaddr for srcAddr) is there, but empty.
    const good = queries.find(
      ({ status, rows }) => status === 'Complete' && rows.some((row) => Object.keys(row).length > 0),
    );
    if (good) {
      const misspelt = misspeltIn(good.query);
      return pass(evidenceOf(good), misspelt.length > 0 ? [spelling(misspelt, group, now)] : []);
    }
    const fix = {
      console: `CloudWatch > Logs Insights > ${group}: a time range that holds your pings, then: ${LAB_QUERY}`,
      command: queryCommand(group, now),
      docs: DOCS.insights,
    };
    const running = queries.find(({ status }) => RUNNING.includes(status));
    if (running)
      return waiting({
        code: 'QUERY_RUNNING',
        severity: 'info',
        message: `The query of ${utc(running.at)} is still running. That usually takes some seconds.`,
        resources: [group],
      });
    const [last] = queries;
    const createdAt = slices.logGroups.find(({ name }) => name === group)?.createdAt ?? now;
    if (!last && now - createdAt > KEPT_MS)
      return unknown({
        code: 'QUERY_FORGOTTEN',
        severity: 'warning',
        message: `The history of Logs Insights shows no query of log group ${group}. It holds what was run recently, and the log group is of ${utc(createdAt)}: if you ran your query longer ago, run it again.`,
        resources: [group],
        expected: 'a query that returned rows',
        actual: 'no query of the last days',
        fix,
      });
    if (!last)
      return fail({
        code: 'QUERY_NOT_RUN',
        severity: 'error',
        message: `The history of Logs Insights shows no query of log group ${group}.`,
        resources: [group],
        expected: 'a query that returned rows',
        actual: 'no query',
        fix,
      });
    const empty = queries.find(({ status }) => status === 'Complete');
    if (!empty)
      return fail({
        code: 'QUERY_FAILED',
        severity: 'error',
        message: `The query of ${utc(last.at)} of log group ${group} ended as ${last.status}.`,
        resources: [group],
        expected: 'Complete',
        actual: last.status,
        fix,
      });
    if (now - empty.at > KEPT_MS)
      return unknown(
        {
          code: 'QUERY_EXPIRED',
          severity: 'warning',
          message: `The query of ${utc(empty.at)} of log group ${group} ran too long ago: results are kept for 7 days. Run it again.`,
          resources: [group],
          fix,
        },
        [evidenceOfText(empty)],
      );
    const misspelt = misspeltIn(empty.query);
    const evidence = [evidenceOfText(empty)];
    return fail(
      [
        {
          code: 'QUERY_EMPTY',
          severity: 'error',
          message: `The query of ${utc(empty.at)} of log group ${group} returned no rows. Most often its time range does not hold any records (they are there 5 to 10 minutes after the traffic), or a filter fits none of them.`,
          resources: [group],
          expected: 'at least one row',
          actual: 'no rows',
          fix,
        },
        ...(misspelt.length > 0 ? [spelling(misspelt, group, now)] : []),
      ],
      evidence,
    );
  },
});

/** As the records name their fields, and as learners' queries had them; Logs Insights discovers `srcAddr` and so on. */
const MISSPELT = ['srcaddr', 'dstaddr', 'destAddr', 'destaddr', 'srcport', 'dstport', 'destPort'];

/** None in a query that names its fields itself with `parse`. */
function misspeltIn(query: string): readonly string[] {
  if (/\bparse\b/.test(query)) return [];
  return MISSPELT.filter((name) => new RegExp(`\\b${name}\\b`).test(query));
}

/** By the cloud's own clock: the last three hours, and the next one. */
function queryCommand(group: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `aws logs start-query --log-group-name ${quoted(group)} --start-time ${seconds - 10_800} --end-time ${seconds + 3600} --query-string '${LAB_QUERY}'`;
}

function spelling(names: readonly string[], group: string, now: number): Finding {
  return {
    code: 'FIELD_NAME_MISSPELT',
    severity: 'warning',
    message: `The query uses ${names.join(', ')}. Field names are case-sensitive: srcAddr, dstAddr, srcPort, dstPort. Logs Insights gives empty columns for other names, and no error.`,
    resources: [group],
    expected: 'srcAddr, dstAddr, srcPort, dstPort',
    actual: names.join(', '),
    fix: {
      console: `CloudWatch > Logs Insights > ${group}: ${LAB_QUERY}`,
      command: queryCommand(group, now),
      docs: DOCS.insights,
    },
  };
}

function evidenceOfText({ query, at }: QueryAnswer): Evidence {
  return { kind: 'document', title: `The query, run at ${utc(at)}`, content: query.trim() };
}

function evidenceOf(answer: QueryAnswer): readonly Evidence[] {
  // @ptr is a handle to the whole event, of no use to people.
  const first = answer.rows.slice(0, MOST_ROWS);
  const names = [...new Set(first.flatMap((row) => Object.keys(row)))].filter((name) => name !== '@ptr');
  const columns = names.slice(0, MOST_COLUMNS);
  const rows = first.map((row) => columns.map((name) => row[name] ?? ''));
  const more = answer.rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} of ${answer.rows.length} rows` : '';
  return [evidenceOfText(answer), table(`Its result${more}`, columns, rows)];
}
