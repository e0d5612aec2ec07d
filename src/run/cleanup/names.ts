/** The names that the lab's reference solution gives: what has one of them was made for the lab. */
import type { Lab } from '../../lab/schema.ts';

export interface SolutionNames {
  readonly roles: ReadonlySet<string>;
  readonly instanceProfiles: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
  readonly logGroups: ReadonlySet<string>;
  /** Name tags, by EC2's resource type. */
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>;
}

export function solutionNames({ steps }: Pick<Lab, 'steps'>): SolutionNames {
  const calls = steps.flatMap(({ solution }) => solution);
  const named = (call: string, key: string) =>
    new Set(calls.filter((each) => each.call === call).flatMap(({ input }) => fixed(input[key])));
  const tags = new Map<string, Set<string>>();
  for (const { input } of calls)
    for (const { ResourceType, Tags } of listOf(input.TagSpecifications))
      for (const { Key, Value } of listOf(Tags))
        if (typeof ResourceType === 'string' && Key === 'Name')
          tags.set(ResourceType, new Set([...(tags.get(ResourceType) ?? []), ...fixed(Value)]));
  return {
    roles: named('iam:CreateRole', 'RoleName'),
    instanceProfiles: named('iam:CreateInstanceProfile', 'InstanceProfileName'),
    policies: named('iam:CreatePolicy', 'PolicyName'),
    logGroups: named('logs:CreateLogGroup', 'logGroupName'),
    tags,
  };
}

/** A name with a reference in it is no name yet. */
function fixed(value: unknown): readonly string[] {
  return typeof value === 'string' && !value.includes('${') ? [value] : [];
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
