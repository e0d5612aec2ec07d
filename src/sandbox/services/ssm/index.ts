/** Systems Manager: managed nodes, Run Command, and the public parameters of Amazon Linux. */
import type { Operations } from '../../service.ts';
import { commandOperations } from './commands.ts';
import { invocationOperations } from './invocations.ts';
import { managedOperations } from './managed.ts';
import { parameterOperations } from './parameters.ts';

export const operations: Operations = {
  ...managedOperations,
  ...commandOperations,
  ...invocationOperations,
  ...parameterOperations,
};
