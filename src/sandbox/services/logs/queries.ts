/** Logs Insights queries: started, asked for until they are complete, listed, stopped. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { uuid } from '../../ids.ts';
import type { ScannedEvent } from '../../insights/discover.ts';
import { parseQuery } from '../../insights/parse.ts';
import { type QueryOutput, runQuery } from '../../insights/run.ts';
import { QueryError } from '../../insights/tokens.ts';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { QueryState } from '../../world.ts';
import { findGroup, groupNameOf, liveEvents } from './group.ts';
import { bounded, invalidParameter, invalidToken, required, violation } from './refusal.ts';

/** A query waits, then runs, for these times after it was started. */
const scheduledMs = 200;
const runningMs = 800;
/** User Guide, CloudWatch Logs quotas: results are kept for 7 days. */
const keptMs = 7 * 86_400_000;

const StartQuery: Operation<Logs.StartQueryRequest, Logs.StartQueryResponse> = (request, input) => {
  if ((input.queryLanguage ?? 'CWLI') !== 'CWLI')
    throw invalidParameter(`The sandbox runs Logs Insights QL (CWLI) only, not ${input.queryLanguage}.`);
  const sources = [input.logGroupName && [input.logGroupName], input.logGroupNames, input.logGroupIdentifiers];
  const [named, ...others] = sources.filter((source) => source && source.length > 0);
  if (!named || others.length > 0)
    throw invalidParameter('Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.');
  const [startTime, endTime] = [required(input.startTime, 'startTime'), required(input.endTime, 'endTime')];
  if (endTime < startTime) throw invalidParameter('End time should not be less than the start time.');
  const query = required(input.queryString, 'queryString');
  if (query.length > 10_000) throw violation('…', 'queryString', 'must have length less than or equal to 10000');
  parse(query);
  const state: QueryState = {
    id: uuid(request.random),
    logGroupNames: [...named].map((name) => findGroup(request, name).name),
    query,
    startTime: startTime * 1000,
    endTime: endTime * 1000 + 999,
    createTime: request.now,
    cancelled: false,
    ...(input.limit === undefined
      ? {}
      : { limit: bounded(input.limit, 'limit', { min: 1, max: 100_000, byDefault: 10_000 }) }),
  };
  request.region.queries = [...liveQueries(request), state];
  return { queryId: state.id };
};

/** @throws AwsError MalformedQueryException, with the place in the query as AWS words it. */
function parse(query: string): ReturnType<typeof parseQuery> {
  try {
    return parseQuery(query);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const before = query.slice(0, error.place.start).split('\n');
    const position = before.at(-1)?.length ?? 0;
    throw new AwsError('MalformedQueryException', `${error.message} at line ${before.length} and position ${position}`);
  }
}

const GetQueryResults: Operation<Logs.GetQueryResultsRequest, Logs.GetQueryResultsResponse> = (request, input) => {
  const query = findQuery(request, input.queryId);
  const status = statusOf(query, request.now);
  const none: QueryOutput = { rows: [], recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
  const { rows, ...statistics } = status === 'Complete' ? results(request, query) : none;
  const { items, nextToken } = page(rows, 10_000, input.nextToken, invalidToken());
  return { queryLanguage: 'CWLI', results: items.map((row) => [...row]), statistics, status, nextToken };
};

/** What the query found: only events that had arrived when it was started, so that its results never change. */
function results(request: Request, query: QueryState): QueryOutput {
  const groups = request.region.logGroups.filter((group) => query.logGroupNames.includes(group.name));
  const events = groups.flatMap((group) =>
    Object.keys(group.streams).flatMap((stream) =>
      liveEvents(group, stream, request.now)
        .filter((event) => event.timestamp >= query.startTime && event.timestamp <= query.endTime)
        .filter((event) => event.ingestionTime <= query.createTime)
        .map((event, index): ScannedEvent => {
          const log = `${request.account.id}:${group.name}`;
          const pointer = Buffer.from(`${log}:${stream}:${event.timestamp}:${index}`).toString('base64');
          return { ...event, stream, log, pointer };
        }),
    ),
  );
  return runQuery(parse(query.query), events, query.limit ?? 10_000);
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
  if (status !== 'Scheduled' && status !== 'Running')
    throw invalidParameter(`Query has already ended with status ${status}.`);
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
  return request.region.queries.filter((query) => query.createTime > request.now - keptMs);
}

function statusOf(query: QueryState, now: number): Logs.QueryStatus {
  if (query.cancelled) return 'Cancelled';
  const age = now - query.createTime;
  if (age < scheduledMs) return 'Scheduled';
  return age < scheduledMs + runningMs ? 'Running' : 'Complete';
}

export const queryOperations: Operations = { StartQuery, GetQueryResults, DescribeQueries, StopQuery };
