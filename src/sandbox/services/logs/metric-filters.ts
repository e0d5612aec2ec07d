/** Metric and subscription filters: the sandbox has none, as it has no metrics; a pattern can be tried on messages. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type { Operation, Operations, Request } from '../../service.ts';
import { parseFilterPattern } from './filter-pattern/pattern.ts';
import { findGroup } from './group.ts';
import { bounded, lengthOf, matching, notFound, required } from './refusal.ts';

const names = { min: 1, max: 512 };

const DescribeMetricFilters: Operation<Logs.DescribeMetricFiltersRequest, Logs.DescribeMetricFiltersResponse> = (
  request,
  input,
) => {
  if (input.filterNamePrefix !== undefined) lengthOf(input.filterNamePrefix, 'filterNamePrefix', names);
  if (input.metricName !== undefined) lengthOf(input.metricName, 'metricName', { min: 0, max: 255 });
  if (input.metricNamespace !== undefined) lengthOf(input.metricNamespace, 'metricNamespace', { min: 0, max: 255 });
  bounded(input.limit, 'limit', { min: 1, max: 50, byDefault: 50 });
  if (input.logGroupName !== undefined) findGroup(request, input.logGroupName);
  return { metricFilters: [] };
};

const DescribeSubscriptionFilters: Operation<
  Logs.DescribeSubscriptionFiltersRequest,
  Logs.DescribeSubscriptionFiltersResponse
> = (request, input) => {
  findGroup(request, input.logGroupName);
  if (input.filterNamePrefix !== undefined) lengthOf(input.filterNamePrefix, 'filterNamePrefix', names);
  bounded(input.limit, 'limit', { min: 1, max: 50, byDefault: 50 });
  return { subscriptionFilters: [] };
};

const DeleteMetricFilter: Operation<Logs.DeleteMetricFilterRequest, object> = (request, input) =>
  absent(request, input, 'metric filter');

const DeleteSubscriptionFilter: Operation<Logs.DeleteSubscriptionFilterRequest, object> = (request, input) =>
  absent(request, input, 'subscription filter');

function absent(request: Request, input: Logs.DeleteMetricFilterRequest, what: string): never {
  const name = required(input.filterName, 'filterName');
  lengthOf(name, 'filterName', names);
  matching(name, 'filterName', '[^:*]*');
  findGroup(request, input.logGroupName);
  throw notFound(what);
}

const TestMetricFilter: Operation<Logs.TestMetricFilterRequest, Logs.TestMetricFilterResponse> = (_request, input) => {
  const pattern = required(input.filterPattern, 'filterPattern');
  lengthOf(pattern, 'filterPattern', { min: 0, max: 1024 });
  const messages = required(input.logEventMessages, 'logEventMessages');
  lengthOf(messages, 'logEventMessages', { min: 1, max: 50 });
  const extract = parseFilterPattern(pattern);
  return {
    matches: messages.flatMap((eventMessage, index) => {
      const extractedValues = extract(eventMessage);
      return extractedValues ? [{ eventNumber: index + 1, eventMessage, extractedValues }] : [];
    }),
  };
};

export const metricFilterOperations: Operations = {
  DescribeMetricFilters,
  DescribeSubscriptionFilters,
  DeleteMetricFilter,
  DeleteSubscriptionFilter,
  TestMetricFilter,
};
