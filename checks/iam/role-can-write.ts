/** Do the role's effective permissions allow what delivering a flow log to this log group needs? */
import { defineCheck, type Finding, fail, pass, unknown } from '../../src/check.ts';
import type { RoleAnswer } from '../../src/model/account.ts';
import { flowLogDelivery, SOME_STREAM, type WritePermission } from '../../src/model/iam/flow-logs.ts';
import { parsePolicy } from '../../src/model/iam/policy.ts';
import { DOCS, listed, quoted } from '../_words.ts';
import { policyEvidence, ROLE_CODES, roleMissing } from './_role.ts';

const PERMISSIONS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
      ],
      Resource: '*',
    },
  ],
});

export default defineCheck({
  title: 'The role may write to the log group',
  params: { role: 'role', logGroup: 'logGroup' },
  needs: [],
  codes: {
    ...ROLE_CODES,
    LOG_GROUP_MISSING: 'There is no log group that the role could write to.',
    NO_POLICIES: 'The role has no permissions policy at all, neither attached nor inline.',
    ACTION_NOT_ALLOWED: 'No policy of the role allows an action that delivery needs, on this log group.',
    ACTION_DENIED: 'A statement with Effect Deny forbids an action that delivery needs.',
    PERMISSION_UNDECIDED: 'Whether an action is allowed depends on a condition that cannot be known from outside.',
    ACTION_ADVISED: 'AWS advises to allow this action too. This log group gets its records without it.',
  },
  mayAsk: ['role'],
  asks: ({ params }) => (params.role.id === null ? [] : [{ kind: 'role', arn: params.role.id }]),
  judge({ params, cloud, answer }) {
    const { id: arn } = params.role;
    const role = arn === null ? null : answer({ kind: 'role', arn });
    if (!role) return fail(roleMissing(params.role));
    const logGroup = params.logGroup.id;
    if (logGroup === null)
      return fail({
        code: 'LOG_GROUP_MISSING',
        severity: 'error',
        message: `There is no log group that role ${role.name} could write to.`,
        resources: [role.arn],
        fix: { console: 'CloudWatch > Log groups > Create log group', docs: DOCS.logGroups },
      });

    const { write } = flowLogDelivery({
      role: {
        trustPolicy: role.trustPolicy,
        policies: role.policies,
        ...(role.boundary && { boundary: role.boundary.document }),
      },
      account: cloud.account,
      region: cloud.region,
      partition: cloud.partition,
      logGroup,
    });
    const evidence = [
      ...role.policies.map(({ name, document }) => policyEvidence(`Policy ${name} of ${role.name}`, document)),
      ...(role.boundary
        ? [policyEvidence(`Permissions boundary ${role.boundary.arn} of ${role.name}`, role.boundary.document)]
        : []),
    ];
    const required = write.filter((each) => each.required);
    const refused = required.filter(({ decision }) => /Deny$/.test(decision.decision));
    if (refused.length > 0)
      return fail(
        role.policies.length === 0 ? noPolicies(role, refused) : refused.map((each) => refusal(role, each)),
        evidence,
      );
    const doubt = required.find(({ decision }) => decision.decision === 'undecided');
    if (doubt)
      return unknown(
        {
          code: 'PERMISSION_UNDECIDED',
          severity: 'warning',
          message: `Whether role ${role.name} may do ${doubt.action} on ${logGroup} cannot be told: ${doubt.decision.because}.`,
          resources: [role.arn],
        },
        evidence,
      );
    const advised = write.filter(
      ({ decision, required: isRequired }) => !isRequired && decision.decision !== 'allowed',
    );
    return pass(evidence, advised.length > 0 ? [advice(role, advised)] : []);
  },
});

function fixFor({ name }: RoleAnswer): NonNullable<Finding['fix']> {
  return {
    console: `IAM > Roles > ${name} > Permissions > Add permissions`,
    command: `aws iam put-role-policy --role-name ${quoted(name)} --policy-name NextWorkVPCFlowLogsPolicy --policy-document '${PERMISSIONS}'`,
    docs: DOCS.flowLogsRole,
  };
}

function noPolicies(role: RoleAnswer, refused: readonly WritePermission[]): Finding {
  return {
    code: 'NO_POLICIES',
    severity: 'error',
    message: `Role ${role.name} has no permissions policy, so it may do nothing at all.`,
    resources: [role.arn],
    expected: `${listed(refused.map(({ action }) => action))} allowed`,
    actual: 'no policy, attached or inline',
    fix: fixFor(role),
  };
}

/** What says no, by its name: the boundary, or the policies that hold a Deny. */
function refuser(
  { name, policies, boundary }: RoleAnswer,
  action: string,
  denied: boolean,
): NonNullable<Finding['fix']> {
  if (!denied && boundary)
    return {
      console: `IAM > Roles > ${name} > Permissions boundary: ${boundary.arn} leaves ${action} out`,
      command: `aws iam delete-role-permissions-boundary --role-name ${quoted(name)}`,
    };
  const denying = policies.filter(({ document }) => {
    const parsed = parsePolicy(document);
    return parsed.ok && parsed.policy.statements.some(({ effect }) => effect === 'Deny');
  });
  const [first] = denying;
  return {
    console: `IAM > Roles > ${name} > Permissions: the statement with Effect Deny in ${listed(denying.map((policy) => policy.name)) || 'one of its policies'}`,
    command: first?.arn
      ? `aws iam detach-role-policy --role-name ${quoted(name)} --policy-arn ${quoted(first.arn)}`
      : `aws iam get-role-policy --role-name ${quoted(name)} --policy-name ${quoted(first?.name ?? 'POLICY')}`,
  };
}

/** The stream stands for any: no learner has it, and none should look for it. */
function anyStream(text: string): string {
  return text.replaceAll(SOME_STREAM, '*');
}

function refusal(role: RoleAnswer, { action, resource: asked, decision }: WritePermission): Finding {
  const denied = decision.decision === 'explicitDeny';
  const resource = anyStream(asked);
  const because = anyStream(decision.because);
  const { docs } = fixFor(role);
  return {
    code: denied ? 'ACTION_DENIED' : 'ACTION_NOT_ALLOWED',
    severity: 'error',
    message: `Role ${role.name} may not do ${action} on ${resource}: ${because}.`,
    resources: [role.arn],
    expected: `${action} allowed on ${resource}`,
    actual: because,
    // An Allow more changes nothing about a Deny, or about a boundary.
    fix:
      denied || because.includes('permissions boundary')
        ? { ...refuser(role, action, denied), ...(docs && { docs }) }
        : fixFor(role),
  };
}

function advice(role: RoleAnswer, advised: readonly WritePermission[]): Finding {
  return {
    code: 'ACTION_ADVISED',
    severity: 'info',
    message: `Role ${role.name} is not allowed ${listed(advised.map(({ action }) => action))}, which AWS lists for flow logs. Records arrive without, as the log group exists.`,
    resources: [role.arn],
  };
}
