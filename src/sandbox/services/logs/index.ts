/** CloudWatch Logs. */
import type { Operations } from '../../service.ts';
import { eventOperations } from './events.ts';
import { groupOperations } from './groups.ts';
import { metricFilterOperations } from './metric-filters.ts';
import { queryOperations } from './queries.ts';
import { logRecordOperations } from './records.ts';
import { streamOperations } from './streams.ts';
import { tagOperations } from './tags.ts';

export const operations: Operations = {
  ...groupOperations,
  ...streamOperations,
  ...eventOperations,
  ...queryOperations,
  ...logRecordOperations,
  ...metricFilterOperations,
  ...tagOperations,
};
