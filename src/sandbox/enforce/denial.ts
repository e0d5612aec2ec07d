/** How AWS says no (IAM User Guide, "Troubleshoot access denied error messages"). */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { AwsError } from '../service.ts';

export type Barrier = 'identity' | 'boundary' | 'session';

export interface Denial {
  readonly principal: { readonly id: string; readonly arn: string };
  readonly action: string;
  readonly resource: string;
  readonly explicit: boolean;
  readonly barrier: Barrier;
}

const WORDS: Readonly<Record<Barrier, string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};

export function refusalOf(service: string, denial: Denial): AwsError {
  const { principal, action, resource, explicit, barrier } = denial;
  const why = explicit
    ? `with an explicit deny in ${barrier === 'identity' ? 'an' : 'a'} ${WORDS[barrier]}`
    : `because no ${WORDS[barrier]} allows the ${action} action`;
  // EC2 names no resource for actions that know none.
  const on = service === 'ec2' && resource === '*' ? '' : ` on resource: ${resource}`;
  const said = `User: ${principal.arn} is not authorized to perform: ${action}${on} ${why}`;
  if (service === 'ec2') {
    const encoded = on === '' ? '' : `. Encoded authorization failure message: ${encodeDenial(denial)}`;
    return new AwsError(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. ${said}${encoded}`,
      403,
    );
  }
  if (service === 'iam' || service === 'sts') return new AwsError('AccessDenied', said, 403);
  return new AwsError('AccessDeniedException', said);
}

/** What `sts:DecodeAuthorizationMessage` shows. */
function encodeDenial({ principal, action, resource, explicit }: Denial): string {
  const text = JSON.stringify({
    allowed: false,
    explicitDeny: explicit,
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: { principal, action, resource, conditions: { items: [] } },
  });
  return deflateRawSync(text).toString('base64url');
}

const LONGEST_MESSAGE = 65_536;

/** Undefined for what `encodeDenial` did not make. */
export function decodeDenial(encoded: string): string | undefined {
  try {
    const options = { maxOutputLength: LONGEST_MESSAGE };
    const text = inflateRawSync(Buffer.from(encoded, 'base64url'), options).toString('utf8');
    return text.startsWith('{"allowed":false,') ? text : undefined;
  } catch {
    return undefined;
  }
}
