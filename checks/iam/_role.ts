/** What both checks of the flow log's role say about the role itself. */
import type { Bound, Evidence, Finding } from '../../src/check.ts';
import { FLOW_LOGS_SERVICE } from '../../src/model/iam/flow-logs.ts';
import { prettyJson } from '../_evidence.ts';
import { capital, DOCS, named, quoted } from '../_words.ts';

export const ROLE_CODES = {
  ROLE_MISSING: 'No role is named by the flow log, and none in the account trusts VPC Flow Logs.',
  ROLE_DELETED: 'The flow log names a role that does not exist.',
} as const;

export const TRUST_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: FLOW_LOGS_SERVICE }, Action: 'sts:AssumeRole' }],
});

export function roleMissing(role: Bound): Finding {
  const gone = role.id !== null;
  const name = gone ? roleName(role.id) : 'NextWorkVPCFlowLogsRole';
  return {
    code: gone ? 'ROLE_DELETED' : 'ROLE_MISSING',
    severity: 'error',
    message: gone
      ? `${capital(named(role))} does not exist.`
      : `There is no role that VPC Flow Logs could use: no flow log names one, and no role trusts ${FLOW_LOGS_SERVICE}.`,
    resources: gone ? [role.id] : [],
    expected: `a role that ${FLOW_LOGS_SERVICE} may assume`,
    actual: 'none',
    fix: {
      console: 'IAM > Roles > Create role > Custom trust policy',
      command: `aws iam create-role --role-name ${quoted(name)} --assume-role-policy-document '${TRUST_POLICY}'`,
      docs: DOCS.flowLogsRole,
    },
  };
}

/** The last part of the ARN: a role's path is not part of its name. */
export function roleName(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

export function policyEvidence(title: string, document: string): Evidence {
  return { kind: 'document', title, content: prettyJson(document) };
}
