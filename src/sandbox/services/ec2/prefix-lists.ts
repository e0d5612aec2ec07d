/** Customer-managed prefix lists (VPC User Guide, "Managed prefix lists"). What AWS does in seconds is done at once. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { isOfAws } from './aws-prefix-lists.ts';
import { once } from './client-tokens.ts';
import { invalidValue, list, pageOf, requirePrefixList } from './common.ts';
import { type AddressFamily, changedEntries, requireFewEnough } from './prefix-list-entries.ts';
import { tagsFor } from './tag-rules.ts';

const BOUNDS = { least: 1, most: 100 };
const MOST_ENTRIES = 1000;

const CreateManagedPrefixList: Operation<Ec2.CreateManagedPrefixListRequest, Ec2.CreateManagedPrefixListResult> = (
  request,
  input,
) => {
  const answer = ({ Entries: _entries, ...rest }: Ec2State['prefixLists'][number]) => ({
    PrefixList: { ...rest, State: 'create-in-progress' as const },
  });
  return once(
    request,
    'CreateManagedPrefixList',
    input,
    () => {
      const prefixList = makePrefixList(request, input);
      return { output: answer(prefixList), ids: [prefixList.PrefixListId ?? ''] };
    },
    ([id]) => {
      const known = request.region.ec2.prefixLists.find(({ PrefixListId }) => PrefixListId === id);
      return known && answer(known);
    },
  );
};

function makePrefixList(
  { region, regionName, account, random }: Request,
  input: Ec2.CreateManagedPrefixListRequest,
): Ec2State['prefixLists'][number] {
  const name = requireName(input.PrefixListName ?? '');
  const most = requireSize(input.MaxEntries ?? 0);
  const family = requireFamily(input.AddressFamily ?? '');
  const Entries = changedEntries([], family, { add: input.Entries ?? [], remove: [] });
  requireFewEnough(Entries, most);
  const PrefixListId = resourceId(random, 'pl');
  const prefixList: Ec2State['prefixLists'][number] = {
    PrefixListId,
    PrefixListArn: `arn:aws:ec2:${regionName}:${account.id}:prefix-list/${PrefixListId}`,
    PrefixListName: name,
    AddressFamily: family,
    MaxEntries: most,
    Version: 1,
    State: 'create-complete',
    OwnerId: account.id,
    Tags: tagsFor(input.TagSpecifications, 'prefix-list'),
    Entries,
  };
  region.ec2.prefixLists.push(prefixList);
  return prefixList;
}

function requireName(name: string): string {
  if (name.length > 255 || name.startsWith('com.amazonaws'))
    throw invalidValue('prefixListName', name, 'It has up to 255 characters and does not start with com.amazonaws.');
  return name;
}

function requireSize(most: number): number {
  if (most < 1 || most > MOST_ENTRIES)
    throw new AwsError('InvalidParameterValue', `Must specify a max size between 1 and ${MOST_ENTRIES}`);
  return most;
}

function requireFamily(family: string): AddressFamily {
  if (family !== 'IPv4' && family !== 'IPv6') throw invalidValue('addressFamily', family, 'It must be IPv4 or IPv6.');
  return family;
}

function requireOwn(request: Request, id: string | undefined): Ec2State['prefixLists'][number] {
  const prefixList = requirePrefixList(request, id);
  if (isOfAws(prefixList))
    throw new AwsError(
      'UnauthorizedOperation',
      'You are not authorized to perform this operation. The prefix list is managed by AWS.',
      403,
    );
  return prefixList;
}

const ModifyManagedPrefixList: Operation<Ec2.ModifyManagedPrefixListRequest, Ec2.ModifyManagedPrefixListResult> = (
  request,
  input,
) => {
  const prefixList = requireOwn(request, input.PrefixListId);
  const { AddEntries: add = [], RemoveEntries: remove = [] } = input;
  const changesEntries = add.length + remove.length > 0;
  if (changesEntries && input.MaxEntries !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'You cannot modify the entries and the maximum entries for the prefix list in the same request.',
    );
  if (input.CurrentVersion !== undefined && input.CurrentVersion !== prefixList.Version)
    throw new AwsError('PrefixListVersionMismatch', 'The prefix list has the incorrect version number.');
  const name = input.PrefixListName === undefined ? prefixList.PrefixListName : requireName(input.PrefixListName);
  const most = input.MaxEntries === undefined ? prefixList.MaxEntries : requireSize(input.MaxEntries);
  const entries = changedEntries(prefixList.Entries, requireFamily(prefixList.AddressFamily ?? ''), { add, remove });
  requireFewEnough(entries, most ?? MOST_ENTRIES);
  prefixList.PrefixListName = name;
  prefixList.MaxEntries = most;
  prefixList.Entries = entries;
  prefixList.State = 'modify-complete';
  if (changesEntries) prefixList.Version = (prefixList.Version ?? 1) + 1;
  return { PrefixList: { ...prefixList, State: 'modify-in-progress' } };
};

function isReferenced(ec2: Ec2State, id: string | undefined): boolean {
  const names = ({ PrefixListIds = [] }: Ec2.IpPermission) => PrefixListIds.some((each) => each.PrefixListId === id);
  return (
    ec2.routeTables.some(({ Routes }) => Routes?.some((route) => route.DestinationPrefixListId === id)) ||
    ec2.securityGroups.some((group) => group.IpPermissions?.some(names) || group.IpPermissionsEgress?.some(names))
  );
}

/** AWS takes the call and fails later: the list stays, in state `delete-failed`, while something refers to it. */
const DeleteManagedPrefixList: Operation<Ec2.DeleteManagedPrefixListRequest, Ec2.DeleteManagedPrefixListResult> = (
  request,
  input,
) => {
  const { ec2 } = request.region;
  const prefixList = requireOwn(request, input.PrefixListId);
  if (isReferenced(ec2, prefixList.PrefixListId)) {
    prefixList.State = 'delete-failed';
    prefixList.StateMessage = 'Routes or security group rules refer to this prefix list.';
  } else ec2.prefixLists = ec2.prefixLists.filter((each) => each !== prefixList);
  return { PrefixList: { ...prefixList, State: 'delete-in-progress' } };
};

const DescribeManagedPrefixLists: Operation<
  Ec2.DescribeManagedPrefixListsRequest,
  Ec2.DescribeManagedPrefixListsResult
> = ({ region }, input) => {
  const { items, ...rest } = list(region.ec2.prefixLists, input, {
    ids: input.PrefixListIds,
    idOf: ({ PrefixListId }) => PrefixListId,
    prefix: 'pl',
    bounds: BOUNDS,
    filters: {
      'owner-id': ({ OwnerId }) => OwnerId,
      'prefix-list-id': ({ PrefixListId }) => PrefixListId,
      'prefix-list-name': ({ PrefixListName }) => PrefixListName,
    },
  });
  return { PrefixLists: items, ...rest };
};

const GetManagedPrefixListEntries: Operation<
  Ec2.GetManagedPrefixListEntriesRequest,
  Ec2.GetManagedPrefixListEntriesResult
> = (request, input) => {
  const { Entries, Version } = requirePrefixList(request, input.PrefixListId);
  if (input.TargetVersion !== undefined && input.TargetVersion !== Version)
    throw invalidValue('targetVersion', String(input.TargetVersion), `The sandbox keeps version ${Version} only.`);
  const { items, ...rest } = pageOf(Entries, input, BOUNDS);
  return { Entries: items, ...rest };
};

export const prefixListOperations: Operations = {
  CreateManagedPrefixList,
  ModifyManagedPrefixList,
  DeleteManagedPrefixList,
  DescribeManagedPrefixLists,
  GetManagedPrefixListEntries,
};
