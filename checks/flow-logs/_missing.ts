/** What checks of records say where there is nothing that could hold any. */
import type { Bound, Finding } from '../../src/check.ts';
import { capital, DOCS, listed } from '../_words.ts';

export const LOG_CODES = {
  FLOW_LOG_MISSING: 'There is no flow log that could deliver.',
  LOG_GROUP_MISSING: 'The log group that the flow log writes to does not exist.',
} as const;

export function missingLog(missing: readonly Bound[]): Finding {
  const noFlowLog = missing.some(({ kind }) => kind === 'flowLog');
  return {
    code: noFlowLog ? 'FLOW_LOG_MISSING' : 'LOG_GROUP_MISSING',
    severity: 'error',
    message: `${capital(listed(missing.map(({ label }) => label)))} ${missing.length === 1 ? 'was' : 'were'} not found.`,
    resources: missing.flatMap(({ id }) => id ?? []),
    fix: {
      console: noFlowLog
        ? 'VPC > Your VPCs > your VPC > Flow logs > Create flow log'
        : 'CloudWatch > Log groups > Create log group',
      docs: DOCS.flowLogsCreate,
    },
  };
}
