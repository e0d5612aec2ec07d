/** Systems Manager: managed nodes, Run Command and its documents, and the Parameter Store. */
import type { Operations } from '../../service.ts';
import { commandOperations } from './commands.ts';
import { documentOperations } from './documents.ts';
import { invocationOperations } from './invocations.ts';
import { listDocumentOperations } from './list-documents.ts';
import { managedOperations } from './managed.ts';
import { parameterOperations } from './parameters.ts';

export const operations: Operations = {
  ...managedOperations,
  ...commandOperations,
  ...invocationOperations,
  ...documentOperations,
  ...listDocumentOperations,
  ...parameterOperations,
};
