/** Security group rules one by one: told, changed and described anew by their ids. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { SecurityGroupState } from '../../world.ts';
import { done, invalidValue, list, missingParameter, notFound } from './common.ts';
import { duplicateRule, requireRoom } from './security-group-rule-changes.ts';
import {
  type Direction,
  type FoundRule,
  findRule,
  forgetRule,
  keyOf,
  recordRule,
  ruleId,
  ruleShapes,
  rulesIn,
  ruleTags,
} from './security-group-rule-ids.ts';
import { describedAs, descriptionOf, join, type Rule, rulesFrom, rulesMeant } from './security-group-rules.ts';
import { requireGroup } from './security-groups.ts';

const DescribeSecurityGroupRules: Operation<
  Ec2.DescribeSecurityGroupRulesRequest,
  Ec2.DescribeSecurityGroupRulesResult
> = ({ region, regionName }, input) => {
  const ids = input.SecurityGroupRuleIds ?? [];
  const groupIds = (input.Filters ?? []).filter(({ Name }) => Name === 'group-id').flatMap(({ Values = [] }) => Values);
  const malformed = groupIds.find((id) => !/^(sg-|.*[*?])/.test(id));
  if (malformed !== undefined)
    throw new AwsError('InvalidGroupId.Malformed', `The security group ID '${malformed}' is malformed`);
  // Only groups that the filter can mean: there may be many others.
  const isMeant = ({ GroupId = '' }: SecurityGroupState) =>
    groupIds.length === 0 || groupIds.some((id) => /[*?]/.test(id) || id === GroupId);
  const { items, ...rest } = list(
    region.ec2.securityGroups.filter(isMeant).flatMap((group) => ruleShapes(group, regionName)),
    input,
    {
      ids,
      idOf: ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
      prefix: 'sgr',
      filters: {
        'group-id': ({ GroupId }) => GroupId,
        'security-group-rule-id': ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
      },
    },
  );
  return { SecurityGroupRules: items, ...rest };
};

function requireRule(groups: readonly SecurityGroupState[], id: string | undefined): FoundRule {
  if (id === undefined) throw missingParameter('SecurityGroupRuleId');
  const found = findRule(groups, id);
  if (!found) throw notFound('sgr', id);
  return found;
}

/** A rule keeps its id and its tags, whatever it becomes. */
const ModifySecurityGroupRules: Operation<Ec2.ModifySecurityGroupRulesRequest, Ec2.ModifySecurityGroupRulesResult> = (
  request,
  input,
) => {
  const group = requireGroup(request, input.GroupId);
  const updates = input.SecurityGroupRules ?? [];
  if (updates.length === 0) throw missingParameter('SecurityGroupRule');
  const edits = updates.map(({ SecurityGroupRuleId, SecurityGroupRule = {} }) => {
    const { direction, rule } = requireRule([group], SecurityGroupRuleId);
    return { direction, from: rule, to: onlyRule(request, group, permissionFrom(SecurityGroupRule)) };
  });
  for (const direction of ['IpPermissions', 'IpPermissionsEgress'] as const) {
    const rules = edited(group, direction, edits);
    const twice = rules.find((rule, index) => rules.findIndex((each) => keyOf(each) === keyOf(rule)) < index);
    if (twice) throw duplicateRule(twice);
    requireRoom(request, rules);
  }
  for (const direction of ['IpPermissions', 'IpPermissionsEgress'] as const) {
    const own = edits.filter((edit) => edit.direction === direction);
    const records = own.map(({ from }) => ({
      id: ruleId(group, direction, from),
      tags: ruleTags(group, direction, from),
    }));
    group[direction] = join(edited(group, direction, edits));
    for (const { from } of own) forgetRule(group, direction, from);
    for (const [index, { to }] of own.entries()) {
      const record = records[index];
      if (record) recordRule(group, direction, to, record);
    }
  }
  return done;
};

interface Edit {
  readonly direction: Direction;
  readonly from: Rule;
  readonly to: Rule;
}

function edited(group: SecurityGroupState, direction: Direction, edits: readonly Edit[]): readonly Rule[] {
  const byKey = new Map(
    edits.filter((edit) => edit.direction === direction).map((edit) => [keyOf(edit.from), edit.to]),
  );
  return rulesIn(group, direction).map((rule) => byKey.get(keyOf(rule)) ?? rule);
}

function onlyRule(request: Request, group: SecurityGroupState, permission: Ec2.IpPermission): Rule {
  const [rule, second] = rulesFrom(request, group, [permission]);
  if (!rule || second)
    throw new AwsError('InvalidParameterCombination', 'A rule has exactly one source or destination.');
  return rule;
}

function permissionFrom(rule: Ec2.SecurityGroupRuleRequest): Ec2.IpPermission {
  const { IpProtocol, FromPort, ToPort, Description } = rule;
  const described = Description === undefined || Description === '' ? {} : { Description };
  return {
    IpProtocol,
    FromPort,
    ToPort,
    ...(rule.CidrIpv4 !== undefined && { IpRanges: [{ CidrIp: rule.CidrIpv4, ...described }] }),
    ...(rule.CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: rule.CidrIpv6, ...described }] }),
    ...(rule.PrefixListId !== undefined && { PrefixListIds: [{ PrefixListId: rule.PrefixListId, ...described }] }),
    ...(rule.ReferencedGroupId !== undefined && {
      UserIdGroupPairs: [{ GroupId: rule.ReferencedGroupId, ...described }],
    }),
  };
}

type DescriptionsInput = Ec2.UpdateSecurityGroupRuleDescriptionsIngressRequest;

function describeAnew(request: Request, input: DescriptionsInput, direction: Direction) {
  const group = requireGroup(request, input.GroupId, input.GroupName);
  const byId = input.SecurityGroupRuleDescriptions ?? [];
  const permissions = input.IpPermissions ?? [];
  if (byId.length > 0 && permissions.length > 0)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameters IpPermissions and SecurityGroupRuleDescriptions cannot be used together.',
    );
  const texts = new Map<string, string | undefined>(
    byId.length > 0
      ? byId.map(({ SecurityGroupRuleId, Description }) => {
          const found = requireRule([group], SecurityGroupRuleId);
          if (found.direction !== direction) throw invalidValue('SecurityGroupRuleId', SecurityGroupRuleId ?? '');
          return [keyOf(found.rule), Description];
        })
      : rulesMeant(request, group, permissions).map((rule) => [keyOf(rule), descriptionOf(rule)]),
  );
  const rules = rulesIn(group, direction);
  const known = new Set(rules.map(keyOf));
  if ([...texts.keys()].some((key) => !known.has(key)))
    throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  group[direction] = join(
    rules.map((rule) => (texts.has(keyOf(rule)) ? describedAs(rule, texts.get(keyOf(rule))) : rule)),
  );
  return done;
}

const UpdateSecurityGroupRuleDescriptionsIngress: Operation<DescriptionsInput, object> = (request, input) =>
  describeAnew(request, input, 'IpPermissions');

const UpdateSecurityGroupRuleDescriptionsEgress: Operation<
  Ec2.UpdateSecurityGroupRuleDescriptionsEgressRequest,
  object
> = (request, input) => describeAnew(request, input, 'IpPermissionsEgress');

export const securityGroupRuleEditOperations: Operations = {
  DescribeSecurityGroupRules,
  ModifySecurityGroupRules,
  UpdateSecurityGroupRuleDescriptionsIngress,
  UpdateSecurityGroupRuleDescriptionsEgress,
};
