/** IAM's and STS's actions and resources (Service Authorization Reference). */
import type { RequestContext } from '../../model/iam/condition.ts';
import type { Request } from '../service.ts';
import { tagKeys } from './context.ts';
import { type Demand, type Input, requestTags, tagsIn, text } from './demands.ts';
import { principalOf } from './principal.ts';

interface Resource {
  readonly arn: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Lists of a whole kind are asked on its root, as denials show it. */
const LISTS: Readonly<Record<string, string>> = {
  ListRoles: 'role',
  ListUsers: 'user',
  ListGroups: 'group',
  ListInstanceProfiles: 'instance-profile',
};

export function iamDemands(operation: string, input: Input, request: Request): readonly Demand[] {
  const action = `iam:${operation}`;
  const { arn, tags = {} } = resourceOf(operation, input, request);
  const context: RequestContext = {
    'aws:ResourceAccount': request.account.id,
    ...tagKeys('aws:ResourceTag', tags),
    ...tagKeys('iam:ResourceTag', tags),
    ...requestTags(tagsIn(input.Tags)),
    ...(/^(Attach|Detach)/.test(operation) && { 'iam:PolicyARN': text(input.PolicyArn) ?? '' }),
    ...(text(input.PermissionsBoundary) !== undefined && {
      'iam:PermissionsBoundary': text(input.PermissionsBoundary) ?? '',
    }),
  };
  const demand = { action, resource: arn, context };
  if (operation !== 'AddRoleToInstanceProfile') return [demand];
  const role = request.account.iam.roles.find(({ name }) => name === input.RoleName);
  const passed = role?.arn ?? named(request, 'role', input.RoleName, '/');
  return [
    demand,
    { action: 'iam:PassRole', resource: passed, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  ];
}

function resourceOf(operation: string, input: Input, request: Request): Resource {
  const { iam } = request.account;
  const path = text(input.Path) ?? '/';
  const find = <T extends { name: string }>(all: readonly T[], name: unknown) => all.find((each) => each.name === name);
  if (input.InstanceProfileName !== undefined)
    return (
      find(iam.instanceProfiles, input.InstanceProfileName) ?? {
        arn: named(request, 'instance-profile', input.InstanceProfileName, path),
      }
    );
  if (input.RoleName !== undefined)
    return find(iam.roles, input.RoleName) ?? { arn: named(request, 'role', input.RoleName, path) };
  if (input.GroupName !== undefined)
    return find(iam.groups, input.GroupName) ?? { arn: named(request, 'group', input.GroupName, path) };
  if (input.UserName !== undefined)
    return find(iam.users, input.UserName) ?? { arn: named(request, 'user', input.UserName, path) };
  const arn = text(input.PolicyArn) ?? text(input.PolicySourceArn);
  if (arn !== undefined) return iam.policies.find((each) => each.arn === arn) ?? { arn };
  if (operation === 'CreatePolicy') return { arn: named(request, 'policy', input.PolicyName, path) };
  const kind = LISTS[operation];
  if (kind !== undefined) return { arn: named(request, kind, '', text(input.PathPrefix) ?? '/') };
  return own(operation, request);
}

/** Without a name, these speak of the caller. */
function own(operation: string, { world, accessKeyId }: Request): Resource {
  const principal = principalOf(world, accessKeyId);
  const self = /^(GetUser|(Create|List|Update|Delete)AccessKeys?)$/.test(operation);
  return self && principal?.kind === 'user' ? principal.user : { arn: '*' };
}

function named({ account }: Request, kind: string, name: unknown, path: string): string {
  return `arn:aws:iam::${account.id}:${kind}${path}${text(name) ?? ''}`;
}
