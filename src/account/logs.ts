/** CloudWatch Logs: groups, streams, events and the queries that were run. A group that is not there has none of them. */
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeQueriesCommand,
  FilterLogEventsCommand,
  GetQueryResultsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEventAnswer, LogGroup, LogStreamAnswer, QueryAnswer } from '../model/account.ts';
import type { Connection } from './connection.ts';
import { CallFailure } from './errors.ts';
import { allPages } from './pages.ts';

/** Bound of both describe calls (CloudWatch Logs API Reference, DescribeLogGroups, DescribeLogStreams). */
const MOST = 50;
/** Of so many queries of the recent history, the newest complete ones, the results are looked at. */
const NEWEST_QUERIES = 5;

export async function readLogGroups({ client }: Connection): Promise<LogGroup[]> {
  const logs = await client('logs');
  const groups = await allPages(
    (nextToken) => logs.send(new DescribeLogGroupsCommand({ limit: MOST, nextToken })),
    ({ logGroups }) => logGroups,
    ({ nextToken }) => nextToken,
  );
  return groups.map(({ logGroupName = '', arn = '', creationTime = 0, retentionInDays }) => ({
    name: logGroupName,
    arn,
    createdAt: creationTime,
    ...(retentionInDays !== undefined && { retentionDays: retentionInDays }),
  }));
}

export async function askLogStreams({ client }: Connection, logGroupName: string): Promise<LogStreamAnswer[]> {
  const logs = await client('logs');
  const streams = await orNone(() =>
    allPages(
      (nextToken) =>
        logs.send(
          new DescribeLogStreamsCommand({
            logGroupName,
            orderBy: 'LastEventTime',
            descending: true,
            limit: MOST,
            nextToken,
          }),
        ),
      ({ logStreams }) => logStreams,
      ({ nextToken }) => nextToken,
    ),
  );
  return streams.map(({ logStreamName = '', lastEventTimestamp }) => ({
    name: logStreamName,
    ...(lastEventTimestamp !== undefined && { lastEventAt: lastEventTimestamp }),
  }));
}

/** Events that contain any of the terms (CloudWatch Logs User Guide, "Filter pattern syntax": `?` joins alternatives). */
export async function askLogEvents(
  { client }: Connection,
  logGroupName: string,
  anyOf: readonly string[],
): Promise<LogEventAnswer[]> {
  if (anyOf.length === 0) return [];
  const logs = await client('logs');
  const terms = anyOf.map((term) => `"${term.replace(/["\\]/g, '\\$&')}"`);
  const filterPattern = terms.length === 1 ? terms[0] : terms.map((term) => `?${term}`).join(' ');
  const events = await orNone(() =>
    allPages(
      (nextToken) => logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern, nextToken })),
      (page) => page.events,
      (page) => page.nextToken,
    ),
  );
  return (
    events
      .map(({ logStreamName = '', timestamp = 0, message = '' }) => ({ stream: logStreamName, at: timestamp, message }))
      // Not every endpoint knows `?`: moto 5.2 answers with all events.
      .filter(({ message }) => anyOf.some((term) => message.includes(term)))
  );
}

export async function askQueries({ client }: Connection, logGroupName: string): Promise<QueryAnswer[]> {
  const logs = await client('logs');
  const queries = await orNone(() =>
    allPages(
      (nextToken) => logs.send(new DescribeQueriesCommand({ logGroupName, nextToken })),
      (page) => page.queries,
      (page) => page.nextToken,
    ),
  );
  const newestFirst = queries.toSorted((a, b) => (b.createTime ?? 0) - (a.createTime ?? 0));
  const complete = newestFirst.filter(({ status }) => status === 'Complete').slice(0, NEWEST_QUERIES);
  return Promise.all(
    newestFirst
      .filter((query) => query.status !== 'Complete' || complete.includes(query))
      .map(async ({ queryId = '', queryString = '', status = 'Unknown', createTime = 0 }) => ({
        id: queryId,
        query: queryString,
        status,
        at: createTime,
        rows: status === 'Complete' ? await rowsOf(logs, queryId) : [],
      })),
  );
}

/** Results are kept for seven days; of an older query there are none. */
async function rowsOf(logs: Awaited<ReturnType<typeof logsClient>>, queryId: string): Promise<QueryAnswer['rows']> {
  const rows = await orNone(async () => (await logs.send(new GetQueryResultsCommand({ queryId }))).results ?? []);
  return rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field = '', value = '' }) => [field, value])),
  );
}

const logsClient = ({ client }: Connection) => client('logs');

async function orNone<T>(read: () => Promise<T[]>): Promise<T[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CallFailure && error.code === 'ResourceNotFoundException') return [];
    throw error;
  }
}
