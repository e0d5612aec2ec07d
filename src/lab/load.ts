/** Finds labs and loads them: whole and valid, or not at all. */
import { dirname, join } from 'node:path';
import { digestOf } from '../lib/digest.ts';
import { nearest } from '../lib/nearest.ts';
import type { Registry } from './checks.ts';
import { crossCheck } from './cross-check.ts';
import { decode, readBytes } from './file.ts';
import { isFile, LAB_FILE, listLabs, TEMPLATE_FILE } from './list.ts';
import { LabError } from './problem.ts';
import { type CheckUse, type Lab, labSchema } from './schema.ts';
import { parseSource } from './source.ts';
import { validate } from './validate.ts';

export { LabError, type LabProblem } from './problem.ts';

interface LoadOptions {
  /** Where the labs are that can be named by id: one folder each. */
  readonly labsDir: string;
  readonly checks: Registry;
}

/** Loads a lab by its id or from the path of its file. Rejects with a `LabError` that holds every problem found. */
export async function loadLab(idOrPath: string, { labsDir, checks }: LoadOptions): Promise<Lab> {
  const byId = /^[a-z0-9-]+$/i.test(idOrPath);
  const file = byId ? join(labsDir, idOrPath, LAB_FILE) : idOrPath;
  if (idOrPath === '' || (byId && !(await isFile(file)))) throw await unknownLab(idOrPath, labsDir);

  const bytes = await readBytes(file);
  const source = parseSource(decode(bytes, file), file);
  const data = validate(source, labSchema, 'the lab');
  const problems = [...crossCheck(data, source, checks)];
  if (byId && data.id !== idOrPath)
    problems.push(
      source.problem('WRONG_ID', ['id'], `This lab stands in the folder ${idOrPath}: that must be its id.`),
    );
  if (problems.length > 0) throw new LabError(problems);

  const template = join(dirname(file), TEMPLATE_FILE);
  return {
    ...data,
    steps: data.steps.map((step) => ({ ...step, checks: step.checks.map((use) => titled(use, checks)) })),
    file,
    digest: digestOf(bytes),
    ...((await isFile(template)) ? { reportTemplate: decode(await readBytes(template), template) } : {}),
  };
}

/** A check that the lab gives no title has its own: screens show it before any check is loaded. */
function titled(use: CheckUse, checks: Registry): CheckUse {
  return { ...use, title: use.title ?? checks[use.use]?.title };
}

async function unknownLab(id: string, labsDir: string): Promise<LabError> {
  const ids = await listLabs(labsDir);
  const meant = nearest(id, ids);
  const message = [
    `There is no lab ${JSON.stringify(id)}.`,
    meant ? `Did you mean ${meant}?` : undefined,
    ids.length > 0 ? `There is: ${ids.join(', ')}; or give the path of a ${LAB_FILE}.` : `There is none in ${labsDir}.`,
  ];
  return new LabError([{ code: 'UNKNOWN_LAB', message: message.filter(Boolean).join(' ') }]);
}
