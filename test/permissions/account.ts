/** The lab in a sandbox that enforces IAM, and who is let in with which policy. */
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { openAccount } from '../../src/account/live.ts';
import type { Target } from '../../src/account/reader.ts';
import { openSender } from '../../src/account/sender.ts';
import type { Verdict } from '../../src/check.ts';
import { loadChecks } from '../../src/lab/checks.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { SolutionCall } from '../../src/lab/schema.ts';
import { lookAround } from '../../src/run/cleanup/look.ts';
import { cleanUp } from '../../src/run/cleanup/perform.ts';
import type { PolicyDocument } from '../../src/run/policy.ts';
import type { Result } from '../../src/run/result.ts';
import { solve } from '../../src/run/solve.ts';
import { verify } from '../../src/run/verify.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { there } from '../sandbox/clients.ts';

const root = join(import.meta.dirname, '../..');
export const checks = await loadChecks(join(root, 'checks'));
export const lab = await loadLab('vpc-flow-logs', { labsDir: join(root, 'labs'), checks });

export type Credentials = NonNullable<Target['credentials']>;
/** A key that the sandbox did not issue is its account's root: nothing limits it. */
export const ROOT: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export async function enforcing() {
  // Time passes with every look, so that what is waited for comes.
  let real = Date.UTC(2026, 10, 23, 10);
  const sandbox = await startSandbox({
    port: 0,
    timeScale: 1,
    seed: 7,
    enforceIam: true,
    realNow: () => (real += 1000),
  });
  const target = (credentials: Credentials): Target => ({
    kind: 'sandbox',
    region: 'us-east-1',
    endpointUrl: sandbox.url,
    credentials,
  });
  const iam = new IAM({ endpoint: sandbox.url, region: 'us-east-1', credentials: ROOT });

  async function verifyAs(credentials: Credentials): Promise<Result> {
    const reader = openAccount(target(credentials));
    try {
      return await verify({ lab, checks, reader, clock: () => 0 });
    } finally {
      reader.close();
    }
  }

  return {
    url: sandbox.url,
    iam,
    close: () => sandbox.close(),
    verifyAs,
    async solveAs(credentials: Credentials, isSent: (call: SolutionCall) => boolean = () => true): Promise<void> {
      const sender = openSender(target(credentials));
      try {
        await solve({
          sender,
          before: await verifyAs(credentials),
          steps: lab.steps.map((step) => ({ ...step, solution: step.solution.filter(isSent) })),
          partition: 'aws',
          signal: new AbortController().signal,
          say: () => {},
          now: sandbox.now(),
          // The sandbox's clock goes on by itself.
          sleep: async () => {},
        });
      } finally {
        sender.close();
      }
    },
    /** Deletes what the lab made. Gives what became of each thing, and what could not be read. */
    async cleanUpAs(credentials: Credentials) {
      const { signal } = new AbortController();
      const reader = openAccount(target(credentials));
      const sender = openSender(target(credentials));
      try {
        const { plan } = await lookAround({ lab, reader, sender, remembered: () => [], chosen: [], signal });
        const left = plan.left.map(({ id }) => id);
        const quiet = { say: () => {}, sleep: async () => {} };
        const { outcomes } = await cleanUp({ sender, resources: plan.resources, left, signal, ...quiet });
        return {
          gaps: plan.gaps,
          outcomes: plan.resources.map(({ id, kind }) => ({ kind, status: outcomes.get(id)?.status })),
        };
      } finally {
        reader.close();
        sender.close();
      }
    },
    /** A user who may do what this policy says, and nothing else. */
    async user(UserName: string, policy: PolicyDocument): Promise<Credentials> {
      await iam.createUser({ UserName });
      const { Policy } = await iam.createPolicy({ PolicyName: UserName, PolicyDocument: JSON.stringify(policy) });
      await iam.attachUserPolicy({ UserName, PolicyArn: there(Policy?.Arn) });
      const { AccessKey } = await iam.createAccessKey({ UserName });
      return { accessKeyId: there(AccessKey?.AccessKeyId), secretAccessKey: there(AccessKey?.SecretAccessKey) };
    },
    /** The user's policy, replaced. */
    async allow(UserName: string, policy: PolicyDocument): Promise<void> {
      const { AttachedPolicies = [] } = await iam.listAttachedUserPolicies({ UserName });
      for (const { PolicyArn } of AttachedPolicies) await iam.detachUserPolicy({ UserName, PolicyArn });
      await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: JSON.stringify(policy) });
    },
  };
}

export type Enforcing = Awaited<ReturnType<typeof enforcing>>;

export function verdictsOf(result: Result): Readonly<Record<string, Verdict>> {
  return Object.fromEntries(
    result.steps.flatMap((step) => step.checks.map(({ id, verdict }) => [id, verdict] as const)),
  );
}

/** The policy without one of its actions. */
export function without(policy: PolicyDocument, action: string): PolicyDocument {
  return {
    ...policy,
    Statement: policy.Statement.flatMap((statement) => {
      const Action = actionsOf(statement).filter((each) => each !== action);
      return Action.length > 0 ? [{ ...statement, Action }] : [];
    }),
  };
}

export function actionsOf({ Action }: PolicyDocument['Statement'][number]): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}
