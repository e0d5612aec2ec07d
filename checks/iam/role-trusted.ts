/** May VPC Flow Logs assume the role? */
import { type CloudIdentity, defineCheck, type Finding, fail, pass, unknown } from '../../src/check.ts';
import type { RoleAnswer } from '../../src/model/account.ts';
import type { Decision } from '../../src/model/iam/evaluate.ts';
import { FLOW_LOGS_SERVICE, flowLogDelivery } from '../../src/model/iam/flow-logs.ts';
import { parsePolicy } from '../../src/model/iam/policy.ts';
import { DOCS, listed, quoted } from '../_words.ts';
import { policyEvidence, ROLE_CODES, roleMissing, TRUST_POLICY } from './_role.ts';

export default defineCheck({
  title: 'VPC Flow Logs may assume the role',
  params: { role: 'role' },
  needs: ['flowLogs'],
  codes: {
    ...ROLE_CODES,
    TRUST_MISSING: 'No statement of the trust policy lets vpc-flow-logs.amazonaws.com assume the role.',
    TRUST_WRONG_SERVICE: 'The trust policy lets another AWS service assume the role, not VPC Flow Logs.',
    TRUST_CONDITION_NOT_MET: 'The trust policy names VPC Flow Logs, but under a condition that is not met here.',
    TRUST_DENIED: 'A statement with Effect Deny forbids VPC Flow Logs to assume the role.',
    TRUST_UNDECIDED: 'Whether the trust policy holds for VPC Flow Logs depends on what cannot be known from outside.',
  },
  mayAsk: ['role'],
  asks: ({ params }) => (params.role.id === null ? [] : [{ kind: 'role', arn: params.role.id }]),
  judge({ params, slices, cloud, answer }) {
    const { id: arn } = params.role;
    const role = arn === null ? null : answer({ kind: 'role', arn });
    if (!role) return fail(roleMissing(params.role));

    const flowLog = slices.flowLogs.find(({ roleArn }) => roleArn === arn);
    const { trust } = flowLogDelivery({
      role: { trustPolicy: role.trustPolicy, policies: [] },
      account: cloud.account,
      region: cloud.region,
      partition: cloud.partition,
      logGroup: '',
      ...(flowLog && { flowLogId: flowLog.id }),
    });
    const evidence = [policyEvidence(`Trust policy of ${role.name}`, role.trustPolicy)];
    if (trust.decision === 'allowed') return pass(evidence);
    const finding = findingOf(role, trust, cloud);
    return trust.decision === 'undecided' ? unknown(finding, evidence) : fail(finding, evidence);
  },
});

function findingOf(role: RoleAnswer, trust: Decision, cloud: CloudIdentity): Finding {
  const { code, why } = causeOf(role.trustPolicy, trust, cloud);
  return {
    code,
    severity: code === 'TRUST_UNDECIDED' ? 'warning' : 'error',
    message: `VPC Flow Logs ${code === 'TRUST_UNDECIDED' ? 'may or may not' : 'cannot'} assume role ${role.name}: ${why}.`,
    resources: [role.arn],
    expected: `Effect Allow, Principal Service ${FLOW_LOGS_SERVICE}, Action sts:AssumeRole`,
    actual: why,
    fix: {
      console: `IAM > Roles > ${role.name} > Trust relationships > Edit trust policy`,
      command: `aws iam update-assume-role-policy --role-name ${quoted(role.name)} --policy-document '${TRUST_POLICY}'`,
      docs: DOCS.flowLogsRole,
    },
  };
}

function causeOf(trustPolicy: string, { decision, because }: Decision, { account, region }: CloudIdentity) {
  if (decision === 'undecided') return { code: 'TRUST_UNDECIDED', why: because };
  if (decision === 'explicitDeny') return { code: 'TRUST_DENIED', why: because };
  const parsed = parsePolicy(trustPolicy);
  const allowing = parsed.ok ? parsed.policy.statements.filter(({ effect }) => effect === 'Allow') : [];
  const conditional = allowing.find(
    ({ principals, conditions }) => principals?.services.includes(FLOW_LOGS_SERVICE) && conditions.length > 0,
  );
  if (conditional) {
    const conditions = conditional.conditions.map(
      ({ operator, key, values }) => `${operator} ${key} ${values.join(', ')}`,
    );
    return {
      code: 'TRUST_CONDITION_NOT_MET',
      why: `its condition (${conditions.join('; ')}) does not hold for a flow log of account ${account} in ${region}`,
    };
  }
  const services = allowing.flatMap(({ principals }) => principals?.services ?? []);
  if (services.length > 0 && !services.includes(FLOW_LOGS_SERVICE))
    return { code: 'TRUST_WRONG_SERVICE', why: `its trust policy names ${listed(services)}, not ${FLOW_LOGS_SERVICE}` };
  return { code: 'TRUST_MISSING', why: because };
}
