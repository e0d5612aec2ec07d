/** What IAM refuses in a policy document, in IAM's words and in the order in which IAM looks (errors of MalformedPolicyDocument). */
import { type RawStatement, rawPolicy } from './policy.ts';
import { resourceProblem } from './validate-resource.ts';

export type PolicyKind = 'managed' | 'inline' | 'trust';

const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';

/** The reason why IAM would refuse the document; undefined for a good one. */
export function policyProblem(document: string, kind: PolicyKind): string | undefined {
  const policy = rawPolicy(document);
  if (!policy || policy.statements.length === 0 || !policy.statements.every(operatorsAreKnown)) return SYNTAX;
  const { version, statements } = policy;
  // Inline policies and trust policies may be of the old version still.
  if (kind === 'managed' && version !== '2012-10-17') return 'Policy document must be version 2012-10-17 or greater.';
  if (!statements.every(({ Effect }) => Effect === 'Allow' || Effect === 'Deny')) return LEGACY;
  if (!statements.every(datesAreRight)) return LEGACY;
  const resources = statements.flatMap((each) => textsOf(each.Resource ?? each.NotResource));
  const badResource = resources.map(resourceProblem).find((problem) => problem !== undefined);
  if (badResource === 'legacy') return LEGACY;
  const sids = statements.flatMap(({ Sid }) => Sid || []);
  if (new Set(sids).size < sids.length) return 'Statement IDs (SID) in a single policy must be unique.';
  if (!sids.every((sid) => /^[0-9A-Za-z]*$/.test(sid)))
    return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
  if (statements.some((each) => actionsOf(each).length === 0)) return 'Policy statement must contain actions.';
  if (badResource !== undefined) return badResource;
  const badAction = statements.flatMap(actionsOf).map(actionProblem).find(Boolean);
  if (badAction !== undefined) return badAction;
  return kind === 'trust' ? trustProblem(statements) : identityProblem(statements);
}

const OPERATOR =
  /^(For(AnyValue|AllValues):)?(String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/;

function operatorsAreKnown({ Condition = {} }: RawStatement): boolean {
  return Object.entries(Condition).every(
    ([operator, keys]) => OPERATOR.test(operator) || Object.keys(keys).length === 0,
  );
}

function identityProblem(statements: readonly RawStatement[]): string | undefined {
  if (statements.some(({ Principal, NotPrincipal }) => Principal !== undefined || NotPrincipal !== undefined))
    return 'Policy document should not specify a principal.';
  if (statements.some((each) => textsOf(each.Resource ?? each.NotResource).length === 0))
    return 'Policy statement must contain resources.';
  return undefined;
}

const TRUST_ACTION =
  /^sts:(\*|AssumeRole\*?|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity|SetContext)$/i;

function trustProblem(statements: readonly RawStatement[]): string | undefined {
  for (const each of statements) {
    if (!actionsOf(each).every((action) => TRUST_ACTION.test(action)))
      return 'AssumeRole policy may only specify STS AssumeRole actions.';
    if (each.Principal === undefined && each.NotPrincipal === undefined) return 'Missing required field Principal';
    if (each.Resource !== undefined || each.NotResource !== undefined) return 'Has prohibited field Resource';
    const principal = principalProblem(each.Principal ?? each.NotPrincipal ?? '*');
    if (principal !== undefined) return principal;
  }
  return undefined;
}

/** Services, AWS's internal ones, and Alexa's. */
const SERVICE = /^[\w-]+(\.[\w-]+)*\.(amazonaws\.com(\.cn)?|aws\.internal)$|^alexa-\w+\.amazon\.com$/i;

/** Only the form is looked at: whether the principal is there is not. */
function principalProblem(principal: NonNullable<RawStatement['Principal']>): string | undefined {
  if (principal === '*') return undefined;
  const aws = textsOf(principal.AWS).find(
    (each) =>
      !/^(\*|\d{12}|arn:[\w-]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+)|A[IR][DO]A\w+)$/.test(
        each,
      ),
  );
  if (aws !== undefined) return `Invalid principal in policy: "AWS":"${aws}"`;
  const service = textsOf(principal.Service).find((each) => !SERVICE.test(each));
  return service === undefined ? undefined : `Invalid principal in policy: "SERVICE":"${service}"`;
}

function actionsOf({ Action, NotAction }: RawStatement): readonly string[] {
  return textsOf(Action ?? NotAction);
}

function textsOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}

function actionProblem(action: string): string | undefined {
  if (action === '*') return undefined;
  const [vendor = '', ...rest] = action.split(':');
  if (rest.length === 0) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  if (rest.length > 1) return 'Actions/Condition can contain only one colon.';
  return vendor === '*' || /^[a-zA-Z0-9.-]*$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`;
}

/** Values of the Date operators: ISO 8601, or seconds since 1970. */
function datesAreRight({ Condition = {} }: RawStatement): boolean {
  return Object.entries(Condition)
    .filter(([operator]) => /^(ForAnyValue:|ForAllValues:)?Date/.test(operator))
    .flatMap(([, keys]) => Object.values(keys).flat())
    .every((value) => isDate(String(value)));
}

const ISO_DATE =
  /^-?\d{1,9}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12]\d|3[01]))?)?(t(([01]?\d|2[0-3])(:[0-5]?\d(:[0-5]?\d(\.\d{1,9})?)?)?)?(z|\+([01]\d|2[0-3])(:?[0-5]\d)?)?)?$/i;

function isDate(value: string): boolean {
  return /[t-]/i.test(value) ? ISO_DATE.test(value) : /^\d{1,19}$/.test(value) && BigInt(value) < 2n ** 63n;
}
