/** What IAM's operations share: finding by name, names, pages, and the errors for them. */
import { constraintsWith } from '../../constraints.ts';
import { page } from '../../page.ts';
import { AwsError } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import type { GroupState, InstanceProfileState, RoleState, UserState } from '../iam-state.ts';

const { violation, bounded } = constraintsWith('ValidationError');
export { bounded, violation };

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, 409);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}

/** IAM User Guide, "IAM and AWS STS quotas". */
export function limitExceeded(quota: string, most: number): AwsError {
  return new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${most}`, 409);
}

export function requireRole(account: AccountState, name: string | undefined): RoleState {
  const role = account.iam.roles.find((each) => each.name === name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

export function requireUser(account: AccountState, name: string | undefined): UserState {
  const user = account.iam.users.find((each) => each.name === name);
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

export function requireGroup(account: AccountState, name: string | undefined): GroupState {
  const group = account.iam.groups.find((each) => each.name === name);
  if (!group) throw noSuchEntity(`The group with name ${name} cannot be found.`);
  return group;
}

export function requireProfile(account: AccountState, name: string | undefined): InstanceProfileState {
  const profile = account.iam.instanceProfiles.find((each) => each.name === name);
  if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

/** Names are told apart without regard to case (IAM User Guide, "IAM names"). */
export function refuseTaken(all: readonly { name: string }[], name: string, message: string): void {
  if (all.some((each) => each.name.toLowerCase() === name.toLowerCase())) throw alreadyExists(message);
}

/** IAM User Guide, "IAM and AWS STS quotas": names of roles and users have 1 to 64, others 1 to 128 of these characters. */
export function requireName(name: string | undefined, what: string, longest: number): string {
  if (name !== undefined && name.length > longest)
    throw violation(name, what, `must have length less than or equal to ${longest}`);
  if (name === undefined || !/^[\w+=,.@-]+$/.test(name))
    throw new AwsError(
      'ValidationError',
      `The specified value for ${what} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  return name;
}

/** IAM API Reference, CreateRole: a path begins and ends with a slash. */
export function requirePath(path = '/'): string {
  if (!/^\/([!-~]+\/)?$/.test(path) || path.length > 512)
    throw new AwsError(
      'ValidationError',
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  return path;
}

export function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** One page of an IAM list: `Marker` and `IsTruncated`, 100 items unless told (1 to 1000). */
export function iamPage<T>(all: readonly T[], input: { Marker?: string | undefined; MaxItems?: number | undefined }) {
  const size = bounded(input.MaxItems, 'maxItems', { min: 1, max: 1000, byDefault: 100 });
  const { items, nextToken } = page(all, size, input.Marker, new AwsError('ValidationError', 'Invalid Marker.'));
  return { items, IsTruncated: nextToken !== undefined, ...(nextToken !== undefined && { Marker: nextToken }) };
}

/** Those under a path, by name: what every List call with `PathPrefix` begins with. */
export function underPath<T extends { readonly name: string; readonly path: string }>(
  all: readonly T[],
  prefix = '/',
): T[] {
  return byName(all.filter(({ path }) => path.startsWith(prefix)));
}
