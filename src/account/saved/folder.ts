/** A folder of saved outputs of the AWS CLI, read whole before anything is made of it. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, problemAt } from '../../lib/json.ts';
import { codeOf } from '../../lib/message.ts';
import { FileError, readTextFile } from '../../lib/text-file.ts';
import { readService } from '../operations.ts';
import { commandOf, readName, type SavedName, type SavedOperation } from './outputs.ts';
import { Misfit, type Newest, revive } from './revive.ts';

export type Output = Readonly<Record<string, unknown>>;

export interface SavedOutput extends SavedName {
  /** Without the folder. */
  readonly file: string;
  /** Undefined where the file is empty: the command printed nothing but its error. */
  readonly output: Output | undefined;
  /** There is more than it holds: it is one page of several. */
  readonly goesOn: boolean;
}

export interface SavedFolder {
  readonly dir: string;
  readonly outputs: readonly SavedOutput[];
  /** Files that are none of the outputs that can be imported. */
  readonly ignored: readonly string[];
  /** When it was saved, as far as can be told: the newest file, or the newest date in one; epoch milliseconds. */
  readonly savedAt: number;
}

const MOST_BYTES = 256 * 2 ** 20;

/** @throws FileError with file, line and column of what cannot be the output that its name says */
export async function readFolder(dir: string): Promise<SavedFolder> {
  const names = (await filesIn(dir)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const newest: Newest = { at: 0 };
  const outputs: SavedOutput[] = [];
  const ignored: string[] = [];
  for (const name of names) {
    const known = readName(name);
    if (!known) {
      ignored.push(name);
      continue;
    }
    const file = join(dir, name);
    outputs.push({ ...known, file: name, ...(await readOutput(file, known.saved, newest)) });
    newest.at = Math.max(newest.at, (await stat(file)).mtimeMs);
  }
  if (outputs.length === 0)
    throw new FileError({
      code: 'NOTHING_SAVED',
      message:
        'This folder holds no output of the AWS CLI that labproof knows, such as describe-vpcs.json: aws ec2 describe-vpcs --output json > describe-vpcs.json',
      file: dir,
    });
  return { dir, outputs, ignored, savedAt: Math.floor(newest.at) };
}

async function filesIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  } catch (error) {
    const code = codeOf(error);
    const message =
      code === 'ENOENT'
        ? 'There is no such folder.'
        : code === 'ENOTDIR'
          ? 'This is no folder.'
          : `This folder cannot be read (${code}).`;
    throw new FileError({ code: 'NOT_FOUND', message, file: dir });
  }
}

async function readOutput(
  file: string,
  { service, operation, holds }: SavedOperation,
  newest: Newest,
): Promise<Pick<SavedOutput, 'output' | 'goesOn'>> {
  const text = await readTextFile(file, MOST_BYTES);
  if (text.trim() === '') return { output: undefined, goesOn: false };
  const value = parseJson(text, file);
  const refuse = (path: readonly PropertyKey[], message: string) =>
    new FileError(problemAt(text, file, path, 'BAD_OUTPUT', message));
  const command = `aws ${service} ${commandOf(operation)}`;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, holds))
    throw refuse([], `This is not what "${command} --output json" prints: it has no ${holds}${insteadOf(value)}.`);
  const shape = (await readService(service)).operation(operation)?.output;
  if (!shape) throw new Error(`The AWS SDK has no ${operation}.`);
  try {
    // A structure becomes an object.
    return { output: revive(value, shape, newest) as Output, goesOn: hasNextPage(value) };
  } catch (error) {
    if (error instanceof Misfit) throw refuse(error.path, `${error.message}, as "${command}" prints it.`);
    if (error instanceof RangeError) throw refuse([], 'Something in it is nested too deep.');
    throw error;
  }
}

function insteadOf(value: unknown): string {
  const [first] = Object.keys(Object(value));
  return first === undefined || Array.isArray(value) ? '' : `, but ${first.slice(0, 60)}`;
}

/** The AWS CLI's own token, and those of EC2, CloudWatch Logs, Systems Manager and IAM. */
function hasNextPage(value: object): boolean {
  const { NextToken, nextToken, IsTruncated } = value as Output;
  return Boolean(NextToken) || Boolean(nextToken) || IsTruncated === true;
}
