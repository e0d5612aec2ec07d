/**
 * Accounts whose verdicts are known beforehand: the lab's solution as far as each step, and each of its trials, with what
 * `trials.yaml` expects of them. Built as `labproof lab test` does, each in a world of its own, so that all of them end at
 * one moment; then copied, with account and ids of their own, into one sandbox's state.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { recording } from '../src/account/recorded.ts';
import { snapshotText } from '../src/account/snapshot-file.ts';
import { openWorld } from '../src/cli/lab-world.ts';
import { openLab, openTrials } from '../src/cli/labs.ts';
import type { Registry } from '../src/lab/checks.ts';
import type { Lab } from '../src/lab/schema.ts';
import { build, type Case, casesOf, differencesOf, lookedAt } from '../src/run/lab-test.ts';
import { checkerPermissions } from '../src/run/permissions.ts';
import { policyDocument } from '../src/run/policy.ts';
import type { Result } from '../src/run/result.ts';
import { verify } from '../src/run/verify.ts';

/** Of the sandbox where keys name no other. */
export const INSTRUCTOR = '123456789012';
const REGION = 'us-east-1';
const PARALLEL = 4;
const AHEAD_MS = 24 * 60 * 60_000;

export interface State {
  readonly one: Case;
  /** Where the checks look. */
  readonly region: string;
  /** The account as the sandbox's state file holds it, and a snapshot of it: JSON. */
  readonly account: string;
  readonly snapshot: string;
}

export interface States {
  readonly lab: Lab;
  readonly checks: Registry;
  readonly states: readonly State[];
  /** The sandbox's time at which each of them ended, epoch milliseconds. */
  readonly endedAt: number;
}

/** @param wanted Which of the lab's cases; all where absent. */
export async function makeStates(wanted: (one: Case) => boolean = () => true): Promise<States> {
  const opened = await openLab('vpc-flow-logs');
  const { lab } = opened;
  const checks = await opened.checks();
  const cases = casesOf(lab, await openTrials(opened, [])).filter((one) => wanted(one));
  const dir = mkdtempSync(join(tmpdir(), 'labproof-states-'));
  const building = { lab, checks, clock: Date.now, signal: new AbortController().signal };
  const limit = pLimit(PARALLEL);
  let worlds = 0;

  async function make(one: Case, begin: number): Promise<{ readonly state: State; readonly endedAt: number }> {
    worlds += 1;
    const stateFile = join(dir, `${worlds}.json`);
    const world = await openWorld({ begin, stateFile });
    const { region: builtIn = REGION, verifyIn: region = builtIn } = one.kind === 'trial' ? one.trial : {};
    await build(building, world, one);
    // Also of an account in which nothing was done, somebody has seen the Region: it has its default VPC for good.
    const visitor = world.reader(region);
    await visitor.read('vpcs');
    visitor.close();
    const endedAt = world.now();
    await world.close();
    // What the snapshot's questions change, pings for one, is in a world that nobody keeps.
    const account = JSON.stringify(JSON.parse(readFileSync(stateFile, 'utf8')).accounts[INSTRUCTOR] ?? newAccount);
    const looked = await openWorld({ begin: endedAt, stateFile });
    const { reader, snapshot } = recording(looked.reader(region));
    await verify({ lab, checks, reader, clock: Date.now });
    const text = snapshotText(await snapshot());
    reader.close();
    await looked.close();
    return { state: { one, region, account, snapshot: text }, endedAt };
  }

  try {
    // The clock of a sandbox is never behind ours: so far ahead, it is the same however late it is started.
    const now = Date.now() + AHEAD_MS;
    const took = await limit.map(cases, async (one) => (await make(one, now)).endedAt - now);
    const endedAt = now + Math.max(...took);
    const states = await limit.map(cases, async (one, index) => (await make(one, endedAt - (took[index] ?? 0))).state);
    return { lab, checks, states, endedAt };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const newAccount = {
  id: INSTRUCTOR,
  iam: { roles: [], policies: [], instanceProfiles: [], users: [], groups: [] },
  regions: {},
};

/** An account of its own: its number, and of every id the last five digits. */
export function copied(text: string, account: string): string {
  const tail = (Number(account) % 16 ** 5).toString(16).padStart(5, '0');
  return text
    .replaceAll(INSTRUCTOR, account)
    .replace(/\b([a-z]+-[0-9a-f]{12})[0-9a-f]{5}\b/g, (id, head: string) => (id.startsWith('ami-') ? id : head + tail));
}

export const accountOf = (index: number): string => String(200_000_000_000 + index);

export interface GradingRole {
  readonly externalId: string;
  /** May it read? */
  readonly allowed: boolean;
}

/** The state file of a sandbox that holds these accounts, each with a role for the instructor: pieces of JSON. */
export function* stateFileOf(
  { lab, checks, endedAt }: States,
  accounts: readonly { readonly account: string; readonly state: State; readonly role: GradingRole }[],
): Generator<string> {
  const policy = JSON.stringify(policyDocument(checkerPermissions(lab, checks), 'aws'));
  yield `{"version":2,"now":${endedAt},"seed":1,"draws":0,"credentials":{},"accounts":{`;
  for (const [index, { account, state, role }] of accounts.entries()) {
    const { iam, ...rest } = JSON.parse(copied(state.account, account));
    const roles = [...iam.roles, graderRole(account, role, policy, endedAt)];
    yield `${index > 0 ? ',' : ''}"${account}":${JSON.stringify({ ...rest, iam: { ...iam, roles } })}`;
  }
  yield '}}';
}

export const roleArn = (account: string): string => `arn:aws:iam::${account}:role/labproof-grader`;

function graderRole(account: string, { externalId, allowed }: GradingRole, policy: string, createDate: number) {
  return {
    name: 'labproof-grader',
    path: '/',
    arn: roleArn(account),
    id: `AROA${account}GRADE`,
    createDate,
    maxSessionDuration: 3600,
    trustPolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${INSTRUCTOR}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    }),
    attachedPolicyArns: [],
    inlinePolicies: allowed ? { read: policy } : {},
    tags: {},
  };
}

/** What a result says otherwise than its case expects: only of the steps that the case is about. */
export function unexpected(lab: Lab, one: Case, { steps, resources }: Result): readonly string[] {
  const only = one.kind === 'trial' ? lookedAt(lab, one.trial) : undefined;
  return differencesOf(lab, one, { resources, steps: only ? steps.filter(({ id }) => only.includes(id)) : steps });
}
