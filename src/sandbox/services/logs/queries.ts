/** Logs Insights queries: started, asked for until they are complete, listed, stopped. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { uuid } from '../../ids.ts';
import { QueryError, QueryStopped } from '../../insights/query.ts';
import type { ScannedEvent } from '../../insights/row.ts';
import { compileQuery, type QueryOutput, type Run } from '../../insights/run.ts';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { QueryState } from '../../world.ts';
import { countBefore, groupArn, groupNamed, groupNameOf, liveEvents, refuseIdentifier } from './group.ts';
import { bounded, invalidParameter, invalidToken, lengthOf, required, violation } from './refusal.ts';

/** A query waits, then runs, for these times after it was started. */
const scheduledMs = 200;
const runningMs = 800;
/** User Guide, CloudWatch Logs quotas. */
const mostActive = 100;
const mostGroups = 50;
/** API Reference, StartQuery. */
const rowBounds = { min: 1, max: 100_000, byDefault: 10_000 };
/** Results are kept for 7 days. */
const keptMs = 7 * 86_400_000;

const StartQuery: Operation<Logs.StartQueryRequest, Logs.StartQueryResponse> = (request, input) => {
  if ((input.queryLanguage ?? 'CWLI') !== 'CWLI')
    throw invalidParameter(`The sandbox runs Logs Insights QL (CWLI) only, not ${input.queryLanguage}.`);
  if (activeCount(request) >= mostActive)
    throw new AwsError('LimitExceededException', `Account maximum query concurrency limit of [${mostActive}] reached.`);
  const sources = [input.logGroupName && [input.logGroupName], input.logGroupNames, input.logGroupIdentifiers];
  const [named, ...others] = sources.filter((source) => source && source.length > 0);
  if (!named || others.length > 0)
    throw invalidParameter('Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.');
  lengthOf([...named], 'logGroupIdentifiers', { min: 1, max: mostGroups });
  const groups = [...named].map((name) => {
    refuseIdentifier(name, input.logGroupIdentifiers ? 'logGroupIdentifiers' : 'logGroupName');
    return groupNamed(request, groupNameOf(name));
  });
  const [startTime, endTime] = [required(input.startTime, 'startTime'), required(input.endTime, 'endTime')];
  if (endTime < startTime) throw invalidParameter('End time should not be less than the start time.');
  const query = required(input.queryString, 'queryString');
  if (query.length > 10_000) throw violation('…', 'queryString', 'must have length less than or equal to 10000');
  const limit = input.limit === undefined ? {} : { limit: bounded(input.limit, 'limit', rowBounds) };
  const asked = {
    query,
    startTime: startTime * 1000,
    endTime: endTime * 1000 + 999,
    createTime: request.now,
    ...limit,
  };
  compiled(asked);
  const state = { id: uuid(request.random), logGroupNames: groups.map(({ name }) => name), ...asked, cancelled: false };
  const { queries } = request.region;
  const kept = queries.findIndex((other) => isKept(other, request.now));
  queries.splice(0, kept < 0 ? queries.length : kept);
  queries.push(state);
  return { queryId: state.id };
};

/** @throws AwsError MalformedQueryException, with the place in the query as AWS words it. */
function compiled({
  query,
  createTime,
  startTime,
  endTime,
}: Omit<QueryState, 'id' | 'logGroupNames' | 'cancelled'>): Run {
  try {
    return compileQuery(query, { now: createTime, startTime, endTime });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { start, end } = error.place;
    const before = query.slice(0, start).split('\n');
    const message = `${error.message} at line ${before.length} and position ${before.at(-1)?.length ?? 0}`;
    const location = { startCharOffset: start, endCharOffset: end };
    throw new AwsError('MalformedQueryException', message, 400, { queryCompileError: { location, message } });
  }
}

const nothing: QueryOutput = { rows: [], recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };

const GetQueryResults: Operation<Logs.GetQueryResultsRequest, Logs.GetQueryResultsResponse> = (request, input) => {
  const query = findQuery(request, input.queryId);
  const { rows, ...statistics } = statusOf(query, request.now) === 'Complete' ? results(request, query) : nothing;
  const size = bounded(input.maxItems, 'maxItems', { min: 1, max: 10_000, byDefault: 10_000 });
  const { items, nextToken } = page(rows, size, input.nextToken, invalidToken());
  return {
    queryLanguage: 'CWLI',
    results: items.map((row) => [...row]),
    statistics: {
      ...statistics,
      estimatedRecordsSkipped: 0,
      estimatedBytesSkipped: 0,
      logGroupsScanned: query.logGroupNames.length,
      resultCount: rows.length,
    },
    status: statusOf(query, request.now),
    nextToken,
  };
};

/** Of the query whose results were asked for last: pages and polls need not run it again. */
let latest: { readonly query: QueryState; readonly output: QueryOutput } | undefined;

function results(request: Request, query: QueryState): QueryOutput {
  if (latest?.query === query) return latest.output;
  try {
    latest = { query, output: search(request, query) };
    return latest.output;
  } catch (error) {
    if (!(error instanceof QueryStopped)) throw error;
    query.stopped = error.status;
    return nothing;
  }
}

/** What the query finds: only events that had arrived when it was started, so that its results never change. */
function search(request: Request, query: QueryState): QueryOutput {
  const groups = request.region.logGroups.filter((group) => query.logGroupNames.includes(group.name));
  const events: ScannedEvent[] = [];
  for (const group of groups) {
    const log = `${request.account.id}:${group.name}`;
    for (const stream of Object.keys(group.streams)) {
      const live = liveEvents(group, stream, request.now);
      for (let index = countBefore(live, query.startTime); index < live.length; index += 1) {
        const event = live[index];
        if (!event || event.timestamp > query.endTime) break;
        const { timestamp, ingestionTime, message } = event;
        if (ingestionTime <= query.createTime) events.push({ timestamp, ingestionTime, message, stream, log, index });
      }
    }
  }
  // The events of a stream are in order already: those of several are merged, not sorted anew.
  events.sort((a, b) => a.timestamp - b.timestamp).reverse();
  return compiled(query)(events, query.limit ?? rowBounds.byDefault);
}

const DescribeQueries: Operation<Logs.DescribeQueriesRequest, Logs.DescribeQueriesResponse> = (request, input) => {
  const group = input.logGroupName === undefined ? undefined : groupNameOf(input.logGroupName);
  const found = liveQueries(request)
    .filter((query) => group === undefined || query.logGroupNames.includes(group))
    .map(
      (query): Logs.QueryInfo => ({
        queryLanguage: 'CWLI',
        queryId: query.id,
        queryString: query.query,
        status: statusOf(query, request.now),
        createTime: query.createTime,
        logGroupName: query.logGroupNames[0],
      }),
    )
    .filter((info) => input.status === undefined || info.status === input.status)
    .reverse();
  const size = bounded(input.maxResults, 'maxResults', { min: 1, max: 1000, byDefault: 1000 });
  const refusal = invalidToken();
  const { items, nextToken } = page(found, size, input.nextToken, refusal);
  return { queries: items, nextToken };
};

const StopQuery: Operation<Logs.StopQueryRequest, Logs.StopQueryResponse> = (request, input) => {
  const query = findQuery(request, input.queryId);
  const status = statusOf(query, request.now);
  if (!isActive(query, request.now)) throw invalidParameter(`Query has already ended with status ${status}.`);
  query.cancelled = true;
  return { success: true };
};

function findQuery(request: Request, id: string | undefined): QueryState {
  const wanted = required(id, 'queryId');
  const query = liveQueries(request).find((candidate) => candidate.id === wanted);
  if (!query) throw new AwsError('ResourceNotFoundException', `Query with id ${wanted} does not exist.`);
  return query;
}

function liveQueries(request: Request): QueryState[] {
  return request.region.queries.filter((query) => isKept(query, request.now));
}

function isKept(query: QueryState, now: number): boolean {
  return query.createTime > now - keptMs;
}

/** Looks at the newest only: they are in order of their start, and none is active for long. */
function activeCount({ region: { queries }, now }: Request): number {
  const old = queries.findLastIndex(({ createTime }) => createTime <= now - scheduledMs - runningMs);
  return queries.slice(old + 1).filter((query) => isActive(query, now)).length;
}

function statusOf(query: QueryState, now: number): Logs.QueryStatus {
  if (query.cancelled) return 'Cancelled';
  const age = now - query.createTime;
  if (age < scheduledMs) return 'Scheduled';
  if (age < scheduledMs + runningMs) return 'Running';
  return query.stopped ?? 'Complete';
}

function isActive(query: QueryState, now: number): boolean {
  return ['Scheduled', 'Running'].includes(statusOf(query, now));
}

const ListLogGroupsForQuery: Operation<Logs.ListLogGroupsForQueryRequest, Logs.ListLogGroupsForQueryResponse> = (
  request,
  input,
) => {
  const arns = findQuery(request, input.queryId).logGroupNames.map((name) => groupArn(request, name));
  const size = bounded(input.maxResults, 'maxResults', { min: 50, max: 500, byDefault: 50 });
  const { items, nextToken } = page(arns, size, input.nextToken, invalidToken());
  return { logGroupIdentifiers: items, nextToken };
};

export const queryOperations: Operations = {
  StartQuery,
  GetQueryResults,
  DescribeQueries,
  ListLogGroupsForQuery,
  StopQuery,
};
