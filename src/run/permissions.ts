/** What verifying a lab must be permitted: derived from what its checks read and may ask, and from what binding reads. */
import { solutionPermissions } from '../account/call-permissions.ts';
import { type Permission, questionPermissions, slicePermissions } from '../account/permissions.ts';
import type { Check } from '../check.ts';
import type { Registry } from '../lab/checks.ts';
import type { Lab } from '../lab/schema.ts';
import type { QuestionKind, SliceName } from '../model/account.ts';
import { BINDING_SLICES } from './bind.ts';

/** Sends a packet, where the rest only reads: who grades others may want to do without. */
export const ACTIVE: QuestionKind = 'ping';

export function checkerPermissions(
  { steps, resources }: Lab,
  checks: Registry,
  without: readonly QuestionKind[] = [],
): readonly Permission[] {
  const used = steps.flatMap((step) => step.checks).flatMap(({ use }) => checks[use] ?? []);
  const bound: readonly SliceName[] = Object.values(resources).some(({ kind }) => kind === 'role')
    ? [...BINDING_SLICES, 'roles']
    : BINDING_SLICES;
  return permissionsOf(
    [...bound, ...used.flatMap(slicesOf)],
    used.flatMap(({ mayAsk = [] }) => mayAsk).filter((kind) => !without.includes(kind)),
  );
}

/** Of one check by itself, without what binding a lab's names reads. */
export function checkPermissions(check: Check): readonly Permission[] {
  return permissionsOf(slicesOf(check), check.mayAsk ?? []);
}

function slicesOf({ needs, uses = [] }: Check): readonly SliceName[] {
  return [...needs, ...uses];
}

function permissionsOf(slices: readonly SliceName[], questions: readonly QuestionKind[]): readonly Permission[] {
  return [
    ...[...new Set(slices)].flatMap((name) => slicePermissions[name]),
    ...[...new Set(questions)].flatMap((kind) => questionPermissions[kind]),
  ];
}

/** To do the lab by command or in the console, to verify it, and to delete everything again. */
export function learnerPermissions(lab: Lab, checks: Registry): readonly Permission[] {
  return [...solutionPermissions(lab.steps.flatMap(({ solution }) => solution)), ...checkerPermissions(lab, checks)];
}
