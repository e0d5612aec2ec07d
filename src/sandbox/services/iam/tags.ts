/** Tags of roles, users, policies and instance profiles. */
import { AwsError, type Operation, type Request } from '../../service.ts';
import { iamPage, limitExceeded, violation } from './common.ts';

/** IAM API Reference, Tag. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;
const TAG_PATTERN = 'must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';
const MOST_TAGS = 50;

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export type Tags = Record<string, string>;

export function tagsOf(tags: readonly Tag[] = []): Tags {
  if (tags.length > MOST_TAGS)
    throw violation(shown(tags), 'tags', `must have length less than or equal to ${MOST_TAGS}.`);
  tags.forEach(({ Key = '', Value = '' }, index) => {
    requireKey(Key, `tags.${index + 1}.member.key`);
    const at = `tags.${index + 1}.member.value`;
    if (Value.length > 256) throw violation(Value, at, 'must have length less than or equal to 256.');
    if (Value !== '' && !TAG_TEXT.test(Value)) throw violation(Value, at, TAG_PATTERN.replace(/\+$/, '*'));
  });
  if (new Set(tags.map(({ Key = '' }) => Key.toLowerCase())).size < tags.length)
    throw new AwsError('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function requireKey(key: string, at: string): void {
  if (key.length > 128) throw violation(key, at, 'must have length less than or equal to 128.');
  if (!TAG_TEXT.test(key)) throw violation(key, at, TAG_PATTERN);
  if (/^aws:/i.test(key))
    throw new AwsError('InvalidInput', 'Tag keys that begin with "aws:" are reserved for AWS use.');
}

function shown(tags: readonly Tag[]): string {
  return `[${tags.map(({ Key, Value }) => `{key=${Key}, value=${Value}}`).join(', ')}]`;
}

export function tagList(tags: Readonly<Tags>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

interface TagInput {
  readonly Tags?: readonly Tag[] | undefined;
  readonly TagKeys?: readonly string[] | undefined;
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** Tag, untag and list the tags of one kind of resource; a key in other letters replaces its tag. */
export function tagOperations<Input extends TagInput>(
  kind: string,
  find: (request: Request, input: Input) => { tags?: Tags },
) {
  const Tag: Operation<Input, object> = (request, input) => {
    const resource = find(request, input);
    const added = tagsOf(input.Tags);
    const replaced = new Set(Object.keys(added).map((key) => key.toLowerCase()));
    const kept = Object.entries(resource.tags ?? {}).filter(([key]) => !replaced.has(key.toLowerCase()));
    const tags = { ...Object.fromEntries(kept), ...added };
    if (Object.keys(tags).length > MOST_TAGS) throw limitExceeded(`TagsPer${kind}`, MOST_TAGS);
    resource.tags = tags;
    return {};
  };

  const Untag: Operation<Input, object> = (request, input) => {
    const resource = find(request, input);
    const keys = input.TagKeys ?? [];
    if (keys.length > MOST_TAGS)
      throw violation(`[${keys.join(', ')}]`, 'tagKeys', `must have length less than or equal to ${MOST_TAGS}.`);
    keys.forEach((key, index) => {
      requireKey(key, `tagKeys.${index + 1}.member`);
    });
    const removed = new Set(keys.map((key) => key.toLowerCase()));
    resource.tags = Object.fromEntries(
      Object.entries(resource.tags ?? {}).filter(([key]) => !removed.has(key.toLowerCase())),
    );
    return {};
  };

  const ListTags: Operation<Input, object> = (request, input) => {
    const { items, ...rest } = iamPage(tagList(find(request, input).tags ?? {}), input);
    return { Tags: items, ...rest };
  };

  return { [`Tag${kind}`]: Tag, [`Untag${kind}`]: Untag, [`List${kind}Tags`]: ListTags };
}
