/** Snapshots on disk. */
import { z } from 'zod';
import { escaped, parseJson, problemAt } from '../lib/json.ts';
import { safe } from '../lib/terminal-text.ts';
import { FileError, readTextFile } from '../lib/text-file.ts';
import { SNAPSHOT_SCHEMA, type Snapshot } from './snapshot.ts';
import { snapshotSchema } from './snapshot-schema.ts';

/** A lab's account takes some 20 kB; of one with thousands of resources and records it is still far below. */
const MOST_BYTES = 64 * 2 ** 20;
/** Where everything is wrong, the first few say it. */
const MOST_PROBLEMS = 5;

/** @throws FileError with the place of what is wrong */
export async function loadSnapshot(file: string): Promise<Snapshot> {
  return parseSnapshot(await readTextFile(file, MOST_BYTES), file);
}

/** @throws FileError with the place of what is wrong */
export function parseSnapshot(text: string, file: string): Snapshot {
  const value = parseJson(text, file);
  const { schema } = z.object({ schema: z.string() }).safeParse(value).data ?? {};
  if (schema !== SNAPSHOT_SCHEMA)
    throw new FileError(problemAt(text, file, ['schema'], 'NO_SNAPSHOT', noSnapshot(schema)));
  const parsed = snapshotSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first, ...more] = parsed.error.issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => {
    const where = path.length > 0 ? `${pathText(path)}: ` : '';
    return problemAt(text, file, path, 'BAD_SNAPSHOT', `This snapshot is damaged. ${where}${message}.`);
  });
  throw first ? new FileError(first, ...more) : parsed.error;
}

function noSnapshot(schema: string | undefined): string {
  const [, kind, version] = /^labproof\/([\w-]{1,40})\/v(\d{1,9})$/.exec(schema ?? '') ?? [];
  if (kind === 'snapshot')
    return `This snapshot is of version ${version}; this labproof reads version ${SNAPSHOT_SCHEMA.split('/v')[1]}. Take it again, or use the labproof that took it.`;
  if (kind === 'result')
    return 'This is the result of a verification (labproof verify --json), not a snapshot. A snapshot is what labproof snapshot writes.';
  if (kind !== undefined) return `This is a ${schema} document of labproof, not a snapshot.`;
  return `This is no snapshot of labproof: it has no "schema": "${SNAPSHOT_SCHEMA}".`;
}

/** `slices.vpcs.value[3].id`. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return safe(text.replace(/^\./, '')).slice(0, 200);
}

/** One reading a line: a snapshot can be read, searched and compared. */
export function snapshotText(snapshot: Snapshot): string {
  const { slices, answers, ...rest } = snapshot;
  const list = (lines: readonly string[]) => (lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`);
  const head = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  const slice = list(Object.entries(slices).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`));
  const answer = list(answers.map((value) => JSON.stringify(value)));
  return escaped(`{\n${head.join('')}"slices": {${slice}},\n"answers": [${answer}]\n}\n`);
}
