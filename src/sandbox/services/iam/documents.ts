/** Policy documents: what IAM refuses at once, and how it gives them back. */
import { parsePolicy, type Statement } from '../../../model/iam/policy.ts';
import { AwsError } from '../../service.ts';

/** The document as it was sent, if it is a permissions policy: who has it is known by where it is attached. */
export function requireDocument(document: string | undefined): string {
  return accepted(document, ({ principals, actions, resources }) => {
    if (principals) return 'Policy document should not specify a principal.';
    if (!actions.patterns.every((action) => action === '*' || /^[\w-]+:\S+$/.test(action)))
      return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    if (!resources) return 'Policy statement must contain resources.';
    const stray = resources.patterns.find((resource) => resource !== '*' && !resource.startsWith('arn:'));
    return stray === undefined ? undefined : `Resource ${stray} must be in ARN format or "*".`;
  });
}

/** A trust policy names principals, and no resource: that is the role itself. */
export function requireTrustPolicy(document: string | undefined): string {
  return accepted(document, ({ principals, resources }) => {
    if (!principals) return 'AssumeRole policy must contain a principal for each statement.';
    return resources && 'Has prohibited field Resource';
  });
}

function accepted(document = '', problemOf: (statement: Statement) => string | undefined): string {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new AwsError('MalformedPolicyDocument', `Syntax errors in policy. ${parsed.message}`);
  const problem = parsed.policy.statements.map(problemOf).find((each) => each !== undefined);
  if (problem !== undefined) throw new AwsError('MalformedPolicyDocument', problem);
  return document;
}

/** RFC 3986, as IAM returns every policy document (IAM API Reference, GetRole). */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
