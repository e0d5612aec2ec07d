/**
 * CloudWatch Logs' actions and resources. A log group is asked for as `log-group:NAME:log-stream:`, as its denials print it:
 * a `Resource` without `:*` behind the name grants nothing.
 */
import type { Request } from '../service.ts';
import { tagKeys } from './context.ts';
import { type Demand, type Input, members, requestTags, text, texts } from './demands.ts';

/** Queries are known by an id only: their actions know no resources. */
const NO_RESOURCE = /^(StopQuery|GetQueryResults|DescribeQueries|TestMetricFilter|DescribeQueryDefinitions)$/;

export function logsDemands(operation: string, input: Input, request: Request): readonly Demand[] {
  const action = `logs:${operation}`;
  if (NO_RESOURCE.test(operation)) return [{ action, resource: '*' }];
  const stream = text(input.logStreamName) ?? '';
  const given = request.region.logGroups;
  const groups = groupsIn(input);
  return (groups.length > 0 ? groups : ['']).map((name) => {
    const tags = given.find((group) => group.name === name)?.tags ?? {};
    return {
      action,
      resource: `arn:aws:logs:${request.regionName}:${request.account.id}:log-group:${name}:log-stream:${stream}`,
      context: { ...tagKeys('aws:ResourceTag', tags), ...requestTags(tagMap(input.tags)) },
    };
  });
}

function groupsIn(input: Input): readonly string[] {
  const names = [...texts(input.logGroupName), ...texts(input.logGroupNames)];
  const others = [input.logGroupIdentifier, input.logGroupIdentifiers, input.resourceArn].flatMap(texts);
  return [
    ...names,
    ...others.map((each) => each.replace(/^arn:[\w-]+:logs:[\w-]*:\d*:log-group:/, '').replace(/:\*$/, '')),
  ];
}

function tagMap(tags: unknown): Record<string, string> {
  const entries = Array.isArray(tags) ? [] : Object.entries(members(tags));
  return Object.fromEntries(entries.map(([key, value]) => [key, text(value) ?? '']));
}
