/** Permissions as an IAM policy document: one statement for all actions on the same resources under the same conditions. */
import type { Conditions, Permission } from '../account/permissions.ts';
import { matches } from '../model/iam/glob.ts';

export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** @param partition The second field of every ARN: `aws`, or whatever stands for it in a template. */
export function policyDocument(permissions: readonly Permission[], partition: string): PolicyDocument {
  const inPartition = JSON.parse(
    JSON.stringify(withoutRepeated(permissions)).replaceAll('${partition}', partition),
  ) as readonly Permission[];
  // First all actions on the same resources together, then all resources of the same actions.
  const onSame = merged(
    inPartition.map(({ action, resources, conditions }) => ({ actions: [action], resources, conditions })),
    ({ resources, conditions }) => [resources, conditions],
  );
  const ofSame = merged(onSame, ({ actions, conditions }) => [actions, conditions]);
  return { Version: '2012-10-17', Statement: ofSame.map(statementOf) };
}

interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Conditions | undefined;
}

function merged(grants: readonly Grant[], keyOf: (grant: Grant) => unknown): readonly Grant[] {
  const groups = Map.groupBy(grants, (grant) => JSON.stringify(keyOf(grant)));
  return [...groups.values()].map((group) => ({
    actions: unique(group.flatMap(({ actions }) => actions)),
    resources: unique(group.flatMap(({ resources }) => resources)),
    conditions: group[0]?.conditions,
  }));
}

function statementOf({ actions, resources, conditions }: Grant): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: oneOrAll(actions),
    Resource: oneOrAll(resources),
    ...(conditions && { Condition: conditions }),
  };
}

function oneOrAll(texts: readonly string[]): string | readonly string[] {
  const [only] = texts;
  return only !== undefined && texts.length === 1 ? only : texts;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** Without those that another one allows anyway: `ec2:DescribeVpcs` beside `ec2:Describe*`, one group beside all groups. */
function withoutRepeated(permissions: readonly Permission[]): readonly Permission[] {
  return permissions.filter(
    (one) => !permissions.some((other) => other !== one && covers(other, one) && !covers(one, other)),
  );
}

function covers(wide: Permission, narrow: Permission): boolean {
  return (
    wide.conditions === undefined &&
    matches(wide.action, narrow.action) &&
    narrow.resources.every((resource) => wide.resources.some((pattern) => matches(pattern, resource)))
  );
}
