/** Access keys of users. A key works as credentials as soon as it is made; its secret is shown once and not kept. */
import type * as Iam from '@aws-sdk/client-iam';
import { principalOf } from '../../enforce/principal.ts';
import { accessKeyId, secret } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { WorldState } from '../../world.ts';
import type { AccessKeyState, UserState } from '../iam-state.ts';
import { iamPage, limitExceeded, noSuchEntity, requireUser, violation } from './common.ts';

/** IAM User Guide, "IAM and AWS STS quotas". */
const MOST_KEYS = 2;
/** How exactly the last use is told: a describe call must not change the world each time. */
const LAST_USED_STEP_MS = 15 * 60_000;

export function keysOf(world: WorldState, user: UserState): [id: string, key: AccessKeyState][] {
  return Object.entries(world.credentials).flatMap(([id, each]): [string, AccessKeyState][] =>
    each.kind === 'access-key' && each.userId === user.id ? [[id, each]] : [],
  );
}

/** The name of the user who asks; undefined for the account's root. A role has none. */
export function requireCallersName({ world, accessKeyId }: Request): string | undefined {
  const principal = principalOf(world, accessKeyId);
  if (principal?.kind === 'role')
    throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  return principal?.kind === 'user' ? principal.user.name : undefined;
}

function userOf(request: Request, name: string | undefined): UserState {
  const asked = name ?? requireCallersName(request);
  if (asked === undefined)
    throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  return requireUser(request.account, asked);
}

function requireKey(request: Request, name: string | undefined, id = ''): AccessKeyState {
  const user = name === undefined && requireCallersName(request) === undefined ? undefined : userOf(request, name);
  const key = Object.hasOwn(request.world.credentials, id) ? request.world.credentials[id] : undefined;
  const fits = key?.kind === 'access-key' && key.accountId === request.account.id;
  if (!fits || (user !== undefined && key.userId !== user.id))
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

const CreateAccessKey: Operation<Iam.CreateAccessKeyRequest, Iam.CreateAccessKeyResponse> = (request, input) => {
  const { world, account, now, random } = request;
  const user = userOf(request, input.UserName);
  if (keysOf(world, user).length >= MOST_KEYS) throw limitExceeded('AccessKeysPerUser', MOST_KEYS);
  const id = accessKeyId(random, 'AKIA');
  world.credentials[id] = {
    kind: 'access-key',
    accountId: account.id,
    userId: user.id,
    status: 'Active',
    createDate: now,
  };
  const AccessKey = {
    UserName: user.name,
    AccessKeyId: id,
    Status: 'Active' as const,
    SecretAccessKey: secret(random, 40),
    CreateDate: new Date(now),
  };
  return { AccessKey };
};

const ListAccessKeys: Operation<Iam.ListAccessKeysRequest, Iam.ListAccessKeysResponse> = (request, input) => {
  const user = userOf(request, input.UserName);
  const all = keysOf(request.world, user).map(([id, { status, createDate }]) => ({
    UserName: user.name,
    AccessKeyId: id,
    Status: status,
    CreateDate: new Date(createDate),
  }));
  const { items, ...rest } = iamPage(all, input);
  return { AccessKeyMetadata: items, ...rest };
};

const UpdateAccessKey: Operation<Iam.UpdateAccessKeyRequest, object> = (request, input) => {
  const { Status } = input;
  if (Status !== 'Active' && Status !== 'Inactive')
    throw violation(Status, 'status', 'must satisfy enum value set: [Active, Inactive]');
  requireKey(request, input.UserName, input.AccessKeyId).status = Status;
  return {};
};

const DeleteAccessKey: Operation<Iam.DeleteAccessKeyRequest, object> = (request, input) => {
  requireKey(request, input.UserName, input.AccessKeyId);
  delete request.world.credentials[input.AccessKeyId ?? ''];
  return {};
};

const GetAccessKeyLastUsed: Operation<Iam.GetAccessKeyLastUsedRequest, Iam.GetAccessKeyLastUsedResponse> = (
  { world, account },
  input,
) => {
  const id = input.AccessKeyId ?? '';
  const key = Object.hasOwn(world.credentials, id) ? world.credentials[id] : undefined;
  const user = key?.kind === 'access-key' && account.iam.users.find((each) => each.id === key.userId);
  if (!user || key?.kind !== 'access-key') throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  const { lastUsed } = key;
  const AccessKeyLastUsed = lastUsed
    ? { LastUsedDate: new Date(lastUsed.date), ServiceName: lastUsed.service, Region: lastUsed.region }
    : { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' };
  return { UserName: user.name, AccessKeyLastUsed };
};

/** Notes that a key was used. */
export function touchKey(world: WorldState, id: string, use: { date: number; region: string; service: string }): void {
  const key = Object.hasOwn(world.credentials, id) ? world.credentials[id] : undefined;
  if (key?.kind !== 'access-key') return;
  const { lastUsed } = key;
  const same = lastUsed?.region === use.region && lastUsed.service === use.service;
  if (!same || use.date - lastUsed.date >= LAST_USED_STEP_MS) key.lastUsed = use;
}

export const accessKeyOperations: Operations = {
  CreateAccessKey,
  ListAccessKeys,
  UpdateAccessKey,
  DeleteAccessKey,
  GetAccessKeyLastUsed,
};
