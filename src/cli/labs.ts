/** Finds the lab and the checks that a command works with. */
import type { Lab } from '../lab/schema.ts';
import { checksDir, labsDir } from '../lib/root.ts';
import type { Registry } from '../run/verify.ts';
import { CliError, EXIT, usage } from './exit.ts';

export interface LabAndChecks {
  readonly lab: Lab;
  readonly checks: Registry;
}

/** @throws CliError with every problem of the file where the lab cannot be used. */
export async function openLab(named: string | undefined): Promise<LabAndChecks> {
  const [{ LabError, listLabs, loadLab }, { loadChecks }] = await Promise.all([
    import('../lab/load.ts'),
    import('../lab/checks.ts'),
  ]);
  try {
    const checks = await loadChecks(checksDir());
    return { lab: await loadLab(named ?? (await onlyLab(listLabs)), { labsDir: labsDir(), checks }), checks };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const [first, ...more] = error.problems;
    throw first ? new CliError(EXIT.usage, first, ...more) : usage(error.message);
  }
}

async function onlyLab(listLabs: (dir: string) => Promise<readonly string[]>): Promise<string> {
  const ids = await listLabs(labsDir());
  const [only] = ids;
  if (only === undefined || ids.length > 1) throw usage(`Name the lab: ${ids.join(', ')}.`);
  return only;
}

/** @throws CliError naming the steps that there are. */
export function requireSteps(lab: Lab, ids: readonly string[]): void {
  for (const id of ids)
    if (!lab.steps.some((step) => step.id === id))
      throw new CliError(EXIT.usage, {
        code: 'UNKNOWN_STEP',
        message: `Lab ${lab.id} has no step "${id}". Its steps: ${lab.steps.map((step) => step.id).join(', ')}.`,
      });
}
