/** Systems Manager: managed nodes, Run Command and its documents, and the Parameter Store. */
import type { Operations } from '../../service.ts';
import { commandOperations } from './commands.ts';
import { documentOperations } from './documents.ts';
import { invocationOperations } from './invocations.ts';
import { listDocumentOperations } from './list-documents.ts';
import { managedOperations } from './managed.ts';
import { parameterVersionOperations } from './parameter-versions.ts';
import { parameterOperations } from './parameters.ts';
import { putParameterOperations } from './put-parameter.ts';
import { tagOperations } from './tags.ts';

export const operations: Operations = {
  ...managedOperations,
  ...commandOperations,
  ...invocationOperations,
  ...documentOperations,
  ...listDocumentOperations,
  ...parameterOperations,
  ...putParameterOperations,
  ...parameterVersionOperations,
  ...tagOperations,
};
