/** A class of many accounts in a running sandbox: roles to assume, and snapshots; all fits in seconds. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Kept } from '../../src/grade/books.ts';
import { isTold } from '../../src/grade/seen.ts';
import { labproof, type RunningSandbox } from './labproof.ts';

/** Of the sandbox where keys name no other. */
const INSTRUCTOR = '123456789012';

/**
 * Solved accounts, untouched ones, ones with a VPC, and three of whom nothing can be told.
 * @returns The roster's file.
 */
export async function makeClass(dir: string, { url, env }: RunningSandbox, size: number): Promise<string> {
  const solved = join(dir, 'solved.json');
  const broken = join(dir, 'broken.json');
  for (const args of [
    ['solve', 'vpc-flow-logs'],
    ['snapshot', 'vpc-flow-logs', '-o', solved],
  ]) {
    const { code, stderr } = await labproof(args, env);
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${stderr}`);
  }
  writeFileSync(broken, '{');
  const rows = ['learner,name,account,role_arn,external_id,snapshot'];
  for (let index = 0; index < size; index += 1) {
    const id = `learner-${String(index).padStart(3, '0')}`;
    const account = String(200_000_000_000 + index);
    if (index % 4 === 1 || index === 2) {
      rows.push(`${id},Name ${index},,,,${index === 5 ? broken : solved}`);
      continue;
    }
    const role = await makeRole(url, account, `external-${index}`);
    if (index % 4 === 3)
      await clientOf(EC2Client, url, account).send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
    const told = index === 8 ? 'external-other' : `external-${index}`;
    rows.push(`${id},Name ${index},${account},${index === 12 ? `${role}-gone` : role},${told},`);
  }
  const file = join(dir, 'class.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

async function makeRole(url: string, account: string, externalId: string): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${INSTRUCTOR}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  };
  const { Role } = await clientOf(IAMClient, url, account).send(
    new CreateRoleCommand({ RoleName: 'labproof-grader', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  return Role?.Arn ?? '';
}

function clientOf<C>(
  Client: new (options: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  }) => C,
  endpoint: string,
  accessKeyId: string,
): C {
  return new Client({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey: 'test' } });
}

/** Of `grades.json`, without the times at which it was written. */
export function gradesIn(dir: string): unknown {
  return JSON.parse(readFileSync(join(dir, 'grades.json'), 'utf8'), (key, value: unknown) =>
    key === 'submittedAt' || key === 'gradedAt' ? undefined : value,
  );
}

export interface Entered {
  readonly learner: string;
  readonly status: string;
}

/** Every look that the books of a run hold, in their order. */
export function journalOf(dir: string): readonly Entered[] {
  return readFileSync(join(dir, 'journal.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"learner"') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Kept)
    .map(({ learner, seen }) => ({ learner, status: isTold(seen) ? 'graded' : 'unknown' }));
}
