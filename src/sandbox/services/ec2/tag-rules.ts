/** What AWS accepts as tags of a resource (EC2 User Guide, "Tag your resources", Tag restrictions). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../service.ts';
import { missingParameter } from './common.ts';

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** The tags that a create call gives to what it makes. @param others What else that call makes and may tag. */
export function tagsFor(
  specifications: readonly Ec2.TagSpecification[] | undefined,
  type: Ec2.ResourceType,
  others: readonly Ec2.ResourceType[] = [],
): Ec2.Tag[] {
  for (const { ResourceType } of specifications ?? []) {
    if (ResourceType === undefined) throw missingParameter('ResourceType');
    if (ResourceType !== type && !others.includes(ResourceType))
      throw new AwsError(
        'InvalidParameterValue',
        `'${ResourceType}' is not a valid taggable resource type for this operation.`,
      );
  }
  const own = (specifications ?? []).filter(({ ResourceType }) => ResourceType === type);
  return requireTags(own.flatMap(({ Tags }) => Tags ?? []));
}

/** Tags to be given, checked; a tag without a value has an empty one. */
export function requireTags(tags: readonly Ec2.Tag[]): Ec2.Tag[] {
  const keys = new Set<string>();
  for (const { Key, Value = '' } of tags) {
    if (Key === undefined || Key === '') throw missingParameter('Key');
    if (Key.toLowerCase().startsWith('aws:'))
      throw new AwsError(
        'InvalidParameterValue',
        `Value ( ${Key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      );
    if (Key.length > LONGEST_KEY || Value.length > LONGEST_VALUE)
      throw new AwsError('InvalidParameterValue', 'Tag keys have up to 128 characters, tag values up to 256.');
    if (keys.has(Key)) throw new AwsError('InvalidParameterValue', `Duplicate tag key '${Key}' specified.`);
    keys.add(Key);
  }
  if (tags.length > MOST_TAGS)
    throw new AwsError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached.`);
  return tags.map(({ Key, Value = '' }) => ({ Key, Value }));
}
