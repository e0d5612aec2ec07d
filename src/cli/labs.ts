/** Finds the lab and the checks that a command works with. */

import type { Registry } from '../lab/checks.ts';
import { listLabs } from '../lab/list.ts';
import { packagedLab } from '../lab/packaged.ts';
import type { LabError } from '../lab/problem.ts';
import type { Lab } from '../lab/schema.ts';
import type { Trial } from '../lab/trials.ts';
import { suggestion } from '../lib/nearest.ts';
import { checksDir, labsDir, packagedDir } from '../lib/root.ts';
import { CliError, EXIT, usage } from './exit.ts';

export interface LabAndChecks {
  readonly lab: Lab;
  /** Loaded when first asked for: a screen is drawn without them. */
  checks(): Promise<Registry>;
}

/** @throws CliError with every problem of the file where the lab cannot be used. */
export async function openLab(named: string | undefined): Promise<LabAndChecks> {
  const idOrPath = named ?? (await onlyLab());
  const packaged = await packagedLab(idOrPath, packagedDir());
  return packaged ? { lab: packaged, checks: allChecks() } : load(idOrPath);
}

/** Imported once. */
function allChecks(): () => Promise<Registry> {
  let loading: Promise<Registry> | undefined;
  return () => {
    loading ??= import('../lab/checks.ts').then(({ loadChecks }) => loadChecks(checksDir()));
    return loading;
  };
}

async function load(idOrPath: string): Promise<LabAndChecks> {
  const { LabError, loadLab } = await import('../lab/load.ts');
  const checks = allChecks();
  try {
    return {
      lab: await loadLab(idOrPath, { labsDir: labsDir(), checks: await checks() }),
      checks,
    };
  } catch (error) {
    throw error instanceof LabError ? refused(error) : error;
  }
}

/** @throws CliError in place of a LabError, for files that are read as labs are. */
export async function orLabProblem<T>(read: () => Promise<T>): Promise<T> {
  const { LabError } = await import('../lab/problem.ts');
  return read().catch((error: unknown) => {
    throw error instanceof LabError ? refused(error) : error;
  });
}

function refused({ problems, message }: LabError): CliError {
  const [first, ...more] = problems;
  return first ? new CliError(EXIT.usage, first, ...more) : usage(message);
}

/**
 * The lab's trials: these, or all.
 * @throws CliError with every problem of the file, or naming the trials that there are.
 */
export async function openTrials({ lab, checks }: LabAndChecks, ids: readonly string[]): Promise<readonly Trial[]> {
  const { loadTrials } = await import('../lab/trials.ts');
  const registry = await checks();
  const trials = await orLabProblem(() => loadTrials(lab, registry));
  const known = trials.map(({ id }) => id);
  for (const id of ids)
    if (!known.includes(id))
      throw new CliError(EXIT.usage, {
        code: 'UNKNOWN_TRIAL',
        message: `Lab ${lab.id} has no trial "${id}".${suggestion(id, known)}`,
      });
  return ids.length > 0 ? trials.filter(({ id }) => ids.includes(id)) : trials;
}

async function onlyLab(): Promise<string> {
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
