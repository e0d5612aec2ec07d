/** What IAM's operations share: names, pages, and the errors for them. */
import { page } from '../../page.ts';
import { AwsError } from '../../service.ts';
import type { AccountState, InstanceProfileState, RoleState } from '../../world.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, 409);
}

export function requireRole(account: AccountState, name: string | undefined): RoleState {
  const role = account.iam.roles.find((each) => each.name === name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

export function requireProfile(account: AccountState, name: string | undefined): InstanceProfileState {
  const profile = account.iam.instanceProfiles.find((each) => each.name === name);
  if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

/** IAM User Guide, "IAM and AWS STS quotas": names of roles and profiles have 1 to 64 or 128 of these characters. */
export function requireName(name: string | undefined, what: string, longest: number): string {
  if (name === undefined || !/^[\w+=,.@-]+$/.test(name) || name.length > longest)
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

/** One page of an IAM list: `Marker` and `IsTruncated`, 100 items unless told (1 to 1000). */
export function iamPage<T>(all: readonly T[], input: { Marker?: string | undefined; MaxItems?: number | undefined }) {
  const size = input.MaxItems ?? 100;
  if (!Number.isInteger(size) || size < 1 || size > 1000)
    throw new AwsError(
      'ValidationError',
      `Value '${size}' at 'maxItems' failed to satisfy constraint: Member must be from 1 to 1000`,
    );
  const { items, nextToken } = page(all, size, input.Marker, new AwsError('ValidationError', 'Invalid Marker.'));
  return { items, IsTruncated: nextToken !== undefined, ...(nextToken !== undefined && { Marker: nextToken }) };
}

/** IAM API Reference, Tag. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;

export function tagsOf(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> {
  for (const { Key = '', Value = '' } of tags ?? [])
    if (!TAG_TEXT.test(Key) || Key.length > 128 || !(Value === '' || TAG_TEXT.test(Value)) || Value.length > 256)
      throw new AwsError('ValidationError', 'The key or the value of a tag is too long or has characters not allowed.');
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
