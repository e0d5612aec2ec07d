/** Policy documents: what IAM refuses at once, and how it gives them back. */
import { type PolicyKind, policyProblem } from '../../../model/iam/validate.ts';
import { AwsError } from '../../service.ts';
import type { WorldState } from '../../world.ts';
import { limitExceeded, violation } from './common.ts';
import { unknownPrincipal } from './trust-principals.ts';

/** Without white space (IAM User Guide, "IAM and AWS STS quotas"). */
const MOST_MANAGED = 6144;
const MOST_TRUST = 2048;
/** IAM API Reference, CreatePolicy: PolicyDocument. */
const MOST_CHARACTERS = 131_072;
/** IAM API Reference, CreatePolicy: the pattern of PolicyDocument, which goes beyond what its message says. */
const NOT_LATIN = /[^\t\n\r\u0020-\u00FF]/;

/** A permissions policy as it was sent: who has it is known by where it is attached. */
export function requireDocument(document: string | undefined, kind: 'managed' | 'inline' = 'inline'): string {
  const accepted = requireValid(document, kind);
  if (kind === 'managed' && sizeOf(accepted) > MOST_MANAGED) throw limitExceeded('PolicySize', MOST_MANAGED);
  return accepted;
}

/** A trust policy names principals, which have to be there, and no resource: that is the role itself. */
export function requireTrustPolicy(world: WorldState, document: string | undefined): string {
  const accepted = requireValid(document, 'trust');
  if (sizeOf(accepted) > MOST_TRUST) throw limitExceeded('ACLSizePerRole', MOST_TRUST);
  const unknown = unknownPrincipal(world, accepted);
  if (unknown !== undefined) throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: ${unknown}`);
  return accepted;
}

function requireValid(document = '', kind: PolicyKind): string {
  if (document.length > MOST_CHARACTERS)
    throw violation(
      document.slice(0, 100),
      'policyDocument',
      `must have length less than or equal to ${MOST_CHARACTERS}`,
    );
  if (NOT_LATIN.test(document))
    throw new AwsError(
      'ValidationError',
      'The specified value for policyDocument is invalid. It must contain only printable ASCII characters.',
    );
  const problem = policyProblem(document, kind);
  if (problem !== undefined) throw new AwsError('MalformedPolicyDocument', problem);
  return document;
}

/** White space does not count against the quotas. */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length;
}

/** RFC 3986, as IAM returns every policy document (IAM API Reference, GetRole). */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
