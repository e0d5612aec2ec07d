/** The prefix lists that AWS manages: the public addresses of S3 and DynamoDB (VPC User Guide, "AWS-managed prefix lists"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { list } from './common.ts';
import { digitsOf } from './endpoint-services.ts';

type PrefixList = Ec2State['prefixLists'][number];

const OWNER = 'AWS';
/** Blocks that AWS has published for the two services; which of them a region has, differs in reality. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  s3: ['52.216.0.0/15', '54.231.0.0/16'],
  dynamodb: ['52.94.0.0/22', '52.119.224.0/20'],
};

/** What a new region has. The ids are made up, but the same in every sandbox. */
export function awsPrefixLists(regionName: string): PrefixList[] {
  return Object.entries(SERVICES).map(([service, blocks]) => {
    const PrefixListName = `com.amazonaws.${regionName}.${service}`;
    const PrefixListId = `pl-${digitsOf(PrefixListName, 8)}`;
    return {
      PrefixListId,
      PrefixListName,
      PrefixListArn: `arn:aws:ec2:${regionName}:aws:prefix-list/${PrefixListId}`,
      AddressFamily: 'IPv4',
      State: 'create-complete',
      OwnerId: OWNER,
      Tags: [],
      Entries: blocks.map((Cidr) => ({ Cidr })),
    };
  });
}

export function isOfAws({ OwnerId }: Ec2.ManagedPrefixList): boolean {
  return OwnerId === OWNER;
}

/** Those of AWS only; the account's own are told by DescribeManagedPrefixLists. */
const DescribePrefixLists: Operation<Ec2.DescribePrefixListsRequest, Ec2.DescribePrefixListsResult> = (
  { region },
  input,
) => {
  const all = region.ec2.prefixLists.filter(isOfAws);
  const unknown = input.PrefixListIds?.find((id) => !all.some(({ PrefixListId }) => PrefixListId === id));
  if (unknown !== undefined)
    throw new AwsError('InvalidPrefixListId.NotFound', `The prefix list ID '${unknown}' does not exist`);
  const { items, ...rest } = list(all, input, {
    ids: input.PrefixListIds,
    idOf: ({ PrefixListId }) => PrefixListId,
    prefix: 'pl',
    filters: {
      'prefix-list-id': ({ PrefixListId }) => PrefixListId,
      'prefix-list-name': ({ PrefixListName }) => PrefixListName,
    },
  });
  const PrefixLists = items.map(({ PrefixListId, PrefixListName, Entries }) => ({
    PrefixListId,
    PrefixListName,
    Cidrs: Entries.flatMap(({ Cidr }) => Cidr ?? []),
  }));
  return { PrefixLists, ...rest };
};

export const awsPrefixListOperations: Operations = { DescribePrefixLists };
