/** Customer-managed prefix lists. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations } from '../../service.ts';
import { list, pageOf, requirePrefixList } from './common.ts';

const BOUNDS = { least: 1, most: 100 };

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
  const { items, ...rest } = pageOf(requirePrefixList(request, input.PrefixListId).Entries, input, BOUNDS);
  return { Entries: items, ...rest };
};

export const prefixListOperations: Operations = { DescribeManagedPrefixLists, GetManagedPrefixListEntries };
