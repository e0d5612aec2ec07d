/** Who we are, where, and how far AWS is: each part told by itself, as far as it can be told. */
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { HttpRequest } from '@smithy/core/protocols';
import type { Reading } from '../model/account.ts';
import { type Connection, connect } from './connection.ts';
import { CallFailure, unreadOf } from './errors.ts';
import type { Target } from './reader.ts';

export interface SignIn {
  /** The SDK's own names of the ways by which it found the credentials: `CREDENTIALS_PROFILE_SSO`. */
  readonly ways: readonly string[];
  /** Epoch milliseconds; absent for those that do not expire. */
  readonly expiresAt?: number;
}

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

export interface Answer {
  /** Without what belongs to a sign-in: `https://sts.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  /** How far the cloud's clock is ahead of ours, in milliseconds. Absent where the answer tells no date. */
  readonly ahead?: number;
}

export interface Diagnosis {
  readonly region: Reading<string>;
  readonly signIn: Reading<SignIn>;
  readonly identity: Reading<Identity>;
  /** To a request without a signature: told even where there are no credentials. */
  readonly answer: Reading<Answer>;
  /** Only where the identity was refused here, and known in AWS's first Region: what that says of this Region. */
  readonly regionStatus?: Reading<string>;
}

const FIRST_REGION = 'us-east-1';

/** @param signal Ends it: what is not known by then is a reading with the reason `timeout`. */
export async function diagnose(
  target: Target,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<Diagnosis> {
  const region = await attempt(target, signal, async () => {
    const connection = connect(target);
    return (await connection.client('sts')).config.region();
  });
  const here = { ...target, region: region.ok ? region.value : FIRST_REGION };
  const connection = connect(here, { signal, timeoutMs });
  const [signIn, identity, answer] = await Promise.all([
    attempt(here, signal, () => signInOf(connection)),
    attempt(here, signal, () => identityOf(connection)),
    attempt(here, signal, () => answerOf(connection)),
  ]);
  connection.close();
  if (identity.ok || !signIn.ok || here.endpointUrl !== undefined || here.region === FIRST_REGION)
    return { region, signIn, identity, answer };

  const first = connect({ ...target, region: FIRST_REGION }, { signal, timeoutMs });
  const known = await attempt(target, signal, () => identityOf(first));
  const regionStatus = known.ok ? await attempt(target, signal, () => statusOf(first, here.region)) : undefined;
  first.close();
  return { region, signIn, identity: known.ok ? known : identity, answer, ...(regionStatus && { regionStatus }) };
}

async function attempt<T>(target: Target, signal: AbortSignal, work: () => Promise<T>): Promise<Reading<T>> {
  const late = new Promise<never>((_, reject) => {
    const stop = () => reject(Object.assign(new Error('no answer in time'), { name: 'TimeoutError' }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return { ok: true, value: await Promise.race([work(), late]) };
  } catch (error) {
    return { ok: false, unread: unreadOf(error, target.endpointUrl) };
  }
}

async function signInOf({ client }: Connection): Promise<SignIn> {
  const found = await (await client('sts')).config.credentials();
  const { $source = {} } = found as { readonly $source?: object };
  return {
    ways: Object.keys($source),
    ...(found.expiration && { expiresAt: found.expiration.getTime() }),
  };
}

async function identityOf({ client }: Connection): Promise<Identity> {
  const { Account = '', Arn = '' } = await (await client('sts')).send(new GetCallerIdentityCommand({}));
  if (Account === '') throw new CallFailure('sts:GetCallerIdentity', new Error('the answer names no AWS account'));
  return { account: Account, arn: Arn };
}

/** Where a signed call would go, and by the same way through the network. Whatever is answered, it is an answer. */
async function answerOf({ client }: Connection): Promise<Answer> {
  const { config } = await client('sts');
  const { url } = await getEndpointFromInstructions({}, GetCallerIdentityCommand, config);
  const { response } = await config.requestHandler.handle(
    new HttpRequest({
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      method: 'GET',
      path: '/',
      headers: { host: url.host },
    }),
  );
  const date = Date.parse(response.headers.date ?? '');
  return { endpoint: url.origin, ...(!Number.isNaN(date) && { ahead: date - Date.now() }) };
}

/** `opted-in`, `opt-in-not-required`, `not-opted-in`; `unknown` for a Region that AWS does not have. */
async function statusOf({ client }: Connection, region: string): Promise<string> {
  const ec2 = await client('ec2');
  const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
  return Regions.find(({ RegionName }) => RegionName === region)?.OptInStatus ?? 'unknown';
}
