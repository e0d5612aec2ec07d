/** `labproof check list | show`: the catalogue. */
import type { Check } from '../check.ts';
import { loadChecks } from '../lab/checks.ts';
import { jsonText } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { checksDir } from '../lib/root.ts';
import { type CheckDescription, checkListText, checkShowText } from '../plain/check.ts';
import { ENGINE_CODES } from '../run/codes.ts';
import { checkPermissions } from '../run/permissions.ts';
import { CliError, EXIT } from './exit.ts';

interface CheckFlags {
  readonly json?: boolean;
}

const DEFAULT_WIDTH = 80;

export async function list({ json }: CheckFlags): Promise<void> {
  const checks = Object.entries(await loadChecks(checksDir())).map(([id, { title }]) => ({ id, title }));
  process.stdout.write(json ? jsonText(checks) : `${checkListText(checks, width())}\n`);
}

export async function show(id: string, { json }: CheckFlags): Promise<void> {
  const checks = await loadChecks(checksDir());
  const check = Object.hasOwn(checks, id) ? checks[id] : undefined;
  if (!check) throw unknownCheck(id, Object.keys(checks));
  const description = describe(id, check);
  process.stdout.write(json ? jsonText(description) : `${checkShowText(description, width())}\n`);
}

function describe(id: string, check: Check): CheckDescription {
  const { title, params, needs, uses = [], mayAsk = [], codes } = check;
  return {
    id,
    title,
    params: Object.entries(params).map(([name, kind]) => ({ name, kind })),
    needs,
    uses,
    mayAsk,
    actions: checkPermissions(check).map(({ action, resources }) => ({ action, resources })),
    codes,
    commonCodes: ENGINE_CODES,
  };
}

/** A check may be meant by its whole id, or by the last part of it. */
function unknownCheck(id: string, ids: readonly string[]): CliError {
  const byName = new Map(ids.map((each) => [each.slice(each.lastIndexOf('/') + 1), each]));
  const meant = byName.get(id) ?? nearest(id, ids) ?? byName.get(nearest(id, byName.keys()) ?? '');
  return new CliError(EXIT.usage, {
    code: 'UNKNOWN_CHECK',
    message: `There is no check ${JSON.stringify(id)}. ${meant === undefined ? 'All there are: labproof check list' : `Did you mean ${meant}?`}`,
  });
}

function width(): number {
  return process.stdout.columns ?? DEFAULT_WIDTH;
}
