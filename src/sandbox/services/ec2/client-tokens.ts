/** Client tokens: a call that is sent again makes nothing new (EC2 API Reference, "Ensuring idempotency"). */
import { createHash } from 'node:crypto';
import { AwsError, type Request } from '../../service.ts';

/** How many calls a region remembers. AWS remembers them for a time; what is kept must not grow without end. */
const MOST_REMEMBERED = 1000;

interface Tokened {
  readonly ClientToken?: string | undefined;
  readonly DryRun?: boolean | undefined;
}

/**
 * Runs a create call, unless the same token has made something already.
 * @param make What the call makes. @returns its answer, and the ids of what it made.
 * @param again The answer for what an earlier call made; `undefined` where that is gone, so that it is made anew.
 * @throws AwsError where the token came with other parameters before.
 */
export function once<Output>(
  request: Request,
  operation: string,
  input: Tokened,
  make: () => { readonly output: Output; readonly ids: string[] },
  again: (ids: readonly string[]) => Output | undefined,
): Output {
  const { ClientToken: token, DryRun: _dryRun, ...parameters } = input;
  if (token === undefined) return make().output;
  const { clientTokens } = request.region.ec2;
  const key = `${operation} ${token}`;
  const asked = createHash('sha256').update(JSON.stringify(parameters)).digest('base64');
  const before = Object.hasOwn(clientTokens, key) ? clientTokens[key] : undefined;
  if (before && before.asked !== asked)
    throw new AwsError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  const known = before && again(before.ids);
  if (known !== undefined) return known;
  const { output, ids } = make();
  clientTokens[key] = { asked, ids };
  for (const oldest of Object.keys(clientTokens).slice(0, -MOST_REMEMBERED)) delete clientTokens[oldest];
  return output;
}
