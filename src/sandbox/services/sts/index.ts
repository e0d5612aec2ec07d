/** AWS Security Token Service. */
import type { Operations } from '../../service.ts';
import { assumeRoleOperations } from './assume-role.ts';
import { identityOperations } from './identity.ts';

export const operations: Operations = { ...identityOperations, ...assumeRoleOperations };
