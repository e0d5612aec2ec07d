/** CloudWatch Logs. */
import type { Operations } from '../../service.ts';
import { eventOperations } from './events.ts';
import { groupOperations } from './groups.ts';
import { queryOperations } from './queries.ts';
import { streamOperations } from './streams.ts';

export const operations: Operations = {
  ...groupOperations,
  ...streamOperations,
  ...eventOperations,
  ...queryOperations,
};
