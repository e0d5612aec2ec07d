import { access, constants, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { codeOf, messageOf } from '../lib/message.ts';
import { ReportError } from './error.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'a folder of the same name is in the way',
  ENOENT: 'the folder cannot be made there',
  ENAMETOOLONG: 'the name is too long',
};

/**
 * Writes the write-up into a folder, which is made if missing, and returns the file's absolute path. An existing file is
 * replaced in one step: at every moment there is the old text or the new one, never a part.
 * @throws ReportError naming the path
 */
export async function writeReport(dir: string, name: string, markdown: string): Promise<string> {
  const file = join(resolve(dir), name);
  if (name === '' || name === '.' || name === '..' || basename(name) !== name)
    throw new ReportError(file, `Cannot write the report: "${name}" is not a plain file name.`);
  return orReportError(file, async () => {
    await makeFolder(resolve(dir));
    await writeFileAtomic(file, markdown);
    return file;
  });
}

/**
 * Makes the folder if it is missing, so that a long walk does not end at a folder that takes no report.
 * @throws ReportError naming the path
 */
export async function prepareFolder(dir: string): Promise<void> {
  await orReportError(resolve(dir), async () => {
    await makeFolder(resolve(dir));
    await access(dir, constants.W_OK);
  });
}

/**
 * Could `writeReport` write this file? Asked before the work whose result it is to hold.
 * @throws ReportError naming the path
 */
export async function prepareFile(file: string): Promise<void> {
  await prepareFolder(dirname(resolve(file)));
  await orReportError(resolve(file), async () => {
    const there = await stat(resolve(file)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    // A device or a pipe would be replaced by a file of its name.
    if (there && !there.isFile()) throw new Error('it is no plain file');
  });
}

async function orReportError<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const why = REASONS[codeOf(error)] ?? messageOf(error);
    throw new ReportError(path, `Cannot write the report to ${path}: ${why}. Choose another folder.`, { cause: error });
  }
}

/** Node's own `recursive` never returns where a folder's parent is there but takes no folders (Node 24, `/proc/x`). */
async function makeFolder(dir: string): Promise<void> {
  const isThere = await access(dir).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  if (dirname(dir) !== dir) await makeFolder(dirname(dir));
  await mkdir(dir).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}
