/** AWS Identity and Access Management, as far as labs go. */
import type { Operations } from '../../service.ts';
import { policyOperations } from './policies.ts';
import { profileOperations } from './profiles.ts';
import { roleOperations } from './roles.ts';

export const operations: Operations = { ...roleOperations, ...policyOperations, ...profileOperations };
