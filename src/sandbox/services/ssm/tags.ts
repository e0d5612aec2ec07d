/** Tags of parameters and documents. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { tagList } from './document.ts';
import { required } from './refusal.ts';
import { tagsFrom, tooManyTags } from './tag-rules.ts';

interface Resource {
  readonly ResourceType?: string | undefined;
  readonly ResourceId?: string | undefined;
}

/** The tags themselves, to be changed in place. @throws AwsError */
function tagsOf({ region }: Request, { ResourceType, ResourceId }: Resource): Record<string, string> {
  const type = required(ResourceType, 'resourceType');
  const id = required(ResourceId, 'resourceId');
  if (type !== 'Parameter' && type !== 'Document')
    throw new AwsError('InvalidResourceType', `${type} is not a valid resource type.`);
  const resources = type === 'Parameter' ? region.parameters : region.documents;
  const found = resources.find(({ name }) => name === id);
  if (!found) throw new AwsError('InvalidResourceId', `The resource ID ${id} is not valid. Verify that it exists.`);
  return found.tags;
}

const AddTagsToResource: Operation<Ssm.AddTagsToResourceRequest, Ssm.AddTagsToResourceResult> = (request, input) => {
  const tags = tagsOf(request, input);
  const added = tagsFrom(required(input.Tags, 'tags'));
  if (Object.keys({ ...tags, ...added }).length > 50) throw tooManyTags();
  Object.assign(tags, added);
  return {};
};

const RemoveTagsFromResource: Operation<Ssm.RemoveTagsFromResourceRequest, Ssm.RemoveTagsFromResourceResult> = (
  request,
  input,
) => {
  const tags = tagsOf(request, input);
  for (const key of required(input.TagKeys, 'tagKeys')) delete tags[key];
  return {};
};

const ListTagsForResource: Operation<Ssm.ListTagsForResourceRequest, Ssm.ListTagsForResourceResult> = (
  request,
  input,
) => ({ TagList: tagList(tagsOf(request, input)) });

export const tagOperations: Operations = { AddTagsToResource, RemoveTagsFromResource, ListTagsForResource };
