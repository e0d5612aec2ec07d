/** What a person should look at; no points follow from it. */
import type { Lab } from '../lab/schema.ts';
import { matches } from '../model/iam/glob.ts';
import type { Facts } from './facts.ts';
import type { Override } from './grade.ts';
import type { Learner } from './learner.ts';
import type { Marking } from './score.ts';
import type { CheckSeen, Seen } from './seen.ts';

type SeenAccount = Seen & { readonly ok: true };

const PLACEHOLDER = /\$\{([^}]+)\}/g;

/** @param marking With this learner's overrides only. */
export function remarksOf(learner: Learner, seen: SeenAccount, marking: Marking): readonly string[] {
  return [
    ...elsewhere(seen),
    ...notOwn(learner, seen.facts, marking),
    ...notLookedAt(seen.checks, marking.overrides, marking.lab),
  ];
}

/** Whose mistake it is, the learner's or the roster's, is for a person to judge. */
function elsewhere({ cloud, checks }: SeenAccount): readonly string[] {
  return checks.some(({ codes }) => codes.some((code) => code.endsWith('_IN_OTHER_REGION')))
    ? [`Looked at in ${cloud.region}, but the work seems to lie in another Region: is that of the roster right?`]
    : [];
}

/** What the rubric asks of this very learner, and is otherwise. For a person to judge. */
function notOwn(learner: Learner, facts: Facts, { rubric, lab }: Marking): readonly string[] {
  return Object.entries(rubric.own).flatMap(([resource, wanted]) => {
    const label = lab.resources[resource]?.label ?? resource;
    const { cidrs, name } = facts[resource] ?? {};
    const empty = emptyIn(`${wanted.cidr} ${wanted.name}`, learner);
    if (empty !== undefined) return [`${label}: the roster has no ${empty} for this learner, so it was not compared.`];
    const cidr = wanted.cidr && filled(wanted.cidr, learner);
    const pattern = wanted.name && filled(wanted.name, learner);
    return [
      ...(cidr && !cidrs?.includes(cidr)
        ? [`${label}: the block should be ${cidr}, and is ${cidrs?.join(', ') ?? 'not there'}.`]
        : []),
      ...(pattern && !(name !== undefined && matches(pattern.toLowerCase(), name.toLowerCase()))
        ? [`${label}: the Name tag should be like ${pattern}, and is ${name ?? 'not there'}.`]
        : []),
    ];
  });
}

/** What a check that was set by hand kept from being looked at: its points are nobody's decision. */
function notLookedAt(checks: readonly CheckSeen[], mine: readonly Override[], lab: Lab): readonly string[] {
  const after = new Map(lab.steps.flatMap((step) => step.checks).map((use) => [use.id, use.after]));
  const comesAfter = (id: string, other: string): boolean =>
    (after.get(id) ?? []).some((each) => each === other || comesAfter(each, other));
  const byHand = (id: string) => mine.some(({ check }) => check === id);
  return checks.flatMap((set) => {
    const blocked = checks.filter(({ id, verdict }) => verdict === 'blocked' && !byHand(id) && comesAfter(id, set.id));
    return byHand(set.id) && blocked.length > 0
      ? [
          `"${set.title}" was set by hand, and what comes after it was not looked at: ${blocked.map(({ title }) => `"${title}"`).join(', ')}.`,
        ]
      : [];
  });
}

function valuesOf({ id, name = '', account = '', columns }: Learner): Readonly<Record<string, string>> {
  return { ...columns, learner: id, name, account };
}

/** The rubric names only what there is. */
function filled(text: string, learner: Learner): string {
  const values = valuesOf(learner);
  return text.replace(PLACEHOLDER, (whole, key: string) => values[key] ?? whole);
}

/** The first that stands in the text and is empty for this learner. */
function emptyIn(text: string, learner: Learner): string | undefined {
  const values = valuesOf(learner);
  return [...text.matchAll(PLACEHOLDER)].map(([, key = '']) => key).find((key) => !values[key]?.trim());
}
