/** Tags of log groups, by the API for all resources and by the older one for log groups only. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { LogGroupState } from '../../world.ts';
import { findGroup, groupNamed, groupNameOf } from './group.ts';
import { invalidParameter, lengthOf, matching, required } from './refusal.ts';

const most = 50;

/** @throws AwsError for keys and values that AWS does not take. */
export function refuseTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    lengthOf(key, 'tags', { min: 1, max: 128 });
    lengthOf(value, `tags.${key}.member`, { min: 0, max: 256 });
    matching(key, 'tags', '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+');
    if (/^aws:/i.test(key)) throw invalidParameter('aws: prefixed tag key names are not allowed for external use.');
  }
}

function add(group: LogGroupState, tags: Readonly<Record<string, string>>): void {
  refuseTags(tags);
  const all = { ...group.tags, ...tags };
  if (Object.keys(all).length > most)
    throw new AwsError('TooManyTagsException', `A resource can have at most ${most} tags.`);
  group.tags = all;
}

function remove(group: LogGroupState, keys: readonly string[]): void {
  for (const key of keys) delete group.tags[key];
}

function resource(request: Request, arn: string | undefined): LogGroupState {
  const given = required(arn, 'resourceArn');
  const name = groupNameOf(given);
  if (name === given) throw invalidParameter(`Invalid resource ARN: ${given}`);
  return groupNamed(request, name);
}

const TagResource: Operation<Logs.TagResourceRequest, object> = (request, input) => {
  add(resource(request, input.resourceArn), required(input.tags, 'tags'));
  return {};
};

const UntagResource: Operation<Logs.UntagResourceRequest, object> = (request, input) => {
  remove(resource(request, input.resourceArn), required(input.tagKeys, 'tagKeys'));
  return {};
};

const ListTagsForResource: Operation<Logs.ListTagsForResourceRequest, Logs.ListTagsForResourceResponse> = (
  request,
  input,
) => ({ tags: { ...resource(request, input.resourceArn).tags } });

const TagLogGroup: Operation<Logs.TagLogGroupRequest, object> = (request, input) => {
  add(findGroup(request, input.logGroupName), required(input.tags, 'tags'));
  return {};
};

const UntagLogGroup: Operation<Logs.UntagLogGroupRequest, object> = (request, input) => {
  remove(findGroup(request, input.logGroupName), required(input.tags, 'tags'));
  return {};
};

const ListTagsLogGroup: Operation<Logs.ListTagsLogGroupRequest, Logs.ListTagsLogGroupResponse> = (request, input) => ({
  tags: { ...findGroup(request, input.logGroupName).tags },
});

export const tagOperations: Operations = {
  TagResource,
  UntagResource,
  ListTagsForResource,
  TagLogGroup,
  UntagLogGroup,
  ListTagsLogGroup,
};
