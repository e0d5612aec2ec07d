/** Log groups, their retention and tags. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { LogGroupState } from '../../world.ts';
import { findGroup, groupArn, groupNameOf, newGroup } from './group.ts';
import { bounded, invalidParameter, invalidToken, required, violation } from './refusal.ts';

/** CloudWatch Logs API Reference, PutRetentionPolicy. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const CreateLogGroup: Operation<Logs.CreateLogGroupRequest, object> = (request, input) => {
  const name = required(input.logGroupName, 'logGroupName');
  if (name.length < 1 || name.length > 512) throw violation(name, 'logGroupName', 'must have length between 1 and 512');
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name))
    throw violation(name, 'logGroupName', 'must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
  if (name.startsWith('aws/')) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
  if ((input.logGroupClass ?? 'STANDARD') !== 'STANDARD')
    throw invalidParameter(`The sandbox has log groups of class STANDARD only, not ${input.logGroupClass}.`);
  if (request.region.logGroups.some((group) => group.name === name))
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
  request.region.logGroups.push(newGroup(name, request.now, input.tags));
  return {};
};

const DeleteLogGroup: Operation<Logs.DeleteLogGroupRequest, object> = (request, input) => {
  const group = findGroup(request, input.logGroupName);
  request.region.logGroups = request.region.logGroups.filter((other) => other !== group);
  return {};
};

const DescribeLogGroups: Operation<Logs.DescribeLogGroupsRequest, Logs.DescribeLogGroupsResponse> = (
  request,
  input,
) => {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: identifiers } = input;
  if (prefix !== undefined && pattern !== undefined)
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  const names = identifiers?.map(groupNameOf);
  const found = request.region.logGroups
    .filter((group) => group.name.startsWith(prefix ?? ''))
    .filter((group) => group.name.toLowerCase().includes((pattern ?? '').toLowerCase()))
    .filter((group) => names?.includes(group.name) ?? true)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const size = bounded(input.limit, 'limit', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(found, size, input.nextToken, invalidToken());
  return { logGroups: items.map((group) => describe(request, group)), nextToken };
};

function describe(request: Request, group: LogGroupState): Logs.LogGroup {
  const arn = groupArn(request, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
    deletionProtectionEnabled: false,
  };
}

const PutRetentionPolicy: Operation<Logs.PutRetentionPolicyRequest, object> = (request, input) => {
  const group = findGroup(request, input.logGroupName);
  const days = required(input.retentionInDays, 'retentionInDays');
  if (!retentionDays.includes(days))
    throw violation(days, 'retentionInDays', `must satisfy enum value set: [${retentionDays.join(', ')}]`);
  group.retentionInDays = days;
  return {};
};

const DeleteRetentionPolicy: Operation<Logs.DeleteRetentionPolicyRequest, object> = (request, input) => {
  delete findGroup(request, input.logGroupName).retentionInDays;
  return {};
};

const TagResource: Operation<Logs.TagResourceRequest, object> = (request, input) => {
  const group = findGroup(request, required(input.resourceArn, 'resourceArn'));
  Object.assign(group.tags, required(input.tags, 'tags'));
  return {};
};

const UntagResource: Operation<Logs.UntagResourceRequest, object> = (request, input) => {
  const group = findGroup(request, required(input.resourceArn, 'resourceArn'));
  for (const key of required(input.tagKeys, 'tagKeys')) delete group.tags[key];
  return {};
};

const ListTagsForResource: Operation<Logs.ListTagsForResourceRequest, Logs.ListTagsForResourceResponse> = (
  request,
  input,
) => ({ tags: { ...findGroup(request, required(input.resourceArn, 'resourceArn')).tags } });

export const groupOperations: Operations = {
  CreateLogGroup,
  DeleteLogGroup,
  DescribeLogGroups,
  PutRetentionPolicy,
  DeleteRetentionPolicy,
  TagResource,
  UntagResource,
  ListTagsForResource,
};
