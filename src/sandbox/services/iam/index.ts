/** AWS Identity and Access Management, as far as labs go. */
import type { Operations } from '../../service.ts';
import { accessKeyOperations } from './access-keys.ts';
import { accountOperations } from './account.ts';
import { groupOperations } from './groups.ts';
import { managedPolicyOperations } from './policies.ts';
import { profileOperations } from './profiles.ts';
import { roleOperations } from './roles.ts';
import { serviceLinkedOperations } from './service-linked.ts';
import { simulationOperations } from './simulation.ts';
import { userOperations } from './users.ts';

export const operations: Operations = {
  ...roleOperations,
  ...userOperations,
  ...groupOperations,
  ...accessKeyOperations,
  ...managedPolicyOperations,
  ...profileOperations,
  ...accountOperations,
  ...serviceLinkedOperations,
  ...simulationOperations,
};
