/** A sandbox on loopback, the real SDK clients for it, and a clock that is moved by hand. */
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { SSM } from '@aws-sdk/client-ssm';
import { type Credentials, STS } from '@aws-sdk/client-sts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';

export async function serve(options: Partial<SandboxOptions> = {}) {
  const started = Date.UTC(2026, 10, 23, 10);
  let real = started;
  const sandbox = await startSandbox({ port: 0, timeScale: 1, seed: 7, realNow: () => real, ...options });
  return {
    ...sandbox,
    ...clientsOf(sandbox.url),
    /** Seconds that were let pass so far. */
    elapsed: () => (real - started) / 1000,
    /** Lets this many seconds pass on the real clock. */
    pass(seconds: number) {
      real += seconds * 1000;
    },
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;

/** Clients that sign with a key, or with temporary credentials. */
export function clientsOf(endpoint: string, key: string | Credentials = 'test', region = 'us-east-1') {
  const { AccessKeyId, SessionToken } = typeof key === 'string' ? { AccessKeyId: key, SessionToken: undefined } : key;
  const credentials = {
    accessKeyId: there(AccessKeyId),
    secretAccessKey: 'test',
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
  };
  const config = { endpoint, region, credentials, maxAttempts: 1 };
  return {
    ec2: new EC2(config),
    iam: new IAM(config),
    sts: new STS(config),
    logs: new CloudWatchLogs(config),
    ssm: new SSM(config),
  };
}

/** What AWS always sends, unwrapped. */
export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('AWS answered without this value.');
  return value;
}

/** The error of a call that must be refused: its code, its HTTP status, its words. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error)) throw error;
    const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
    return { code: error.name, status: httpStatusCode ?? 0, message: error.message };
  }
  throw new Error('The call was answered, although it should be refused.');
}
