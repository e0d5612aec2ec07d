/** Log groups and their retention. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { LogGroupState } from '../../world.ts';
import { findGroup, groupArn, groupNameOf, newGroup, refuseGroupName, refuseIdentifier } from './group.ts';
import { bounded, invalidParameter, invalidToken, oneOf, required, violation } from './refusal.ts';
import { refuseTags } from './tags.ts';

/** CloudWatch Logs API Reference, PutRetentionPolicy. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const classes = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'];

const CreateLogGroup: Operation<Logs.CreateLogGroupRequest, object> = (request, input) => {
  const name = required(input.logGroupName, 'logGroupName');
  refuseGroupName(name, 'logGroupName');
  refuseTags(input.tags ?? {});
  if (/^aws\//i.test(name)) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
  const { logGroupClass = 'STANDARD', kmsKeyId } = input;
  oneOf(logGroupClass, 'logGroupClass', classes);
  if (logGroupClass !== 'STANDARD' || input.deletionProtectionEnabled)
    throw invalidParameter('The sandbox has log groups of class STANDARD only, without deletion protection.');
  if (kmsKeyId !== undefined)
    throw invalidParameter(
      `The specified KMS key does not exist or is not allowed to be used with LogGroup '${groupArn(request, name)}'`,
    );
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
  if (prefix !== undefined) refuseGroupName(prefix, 'logGroupNamePrefix');
  if (prefix !== undefined && pattern !== undefined)
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  for (const identifier of identifiers ?? []) refuseIdentifier(identifier, 'logGroupIdentifiers');
  const names = identifiers?.map(groupNameOf);
  const found = request.region.logGroups
    .filter((group) => group.name.startsWith(prefix ?? '') && group.name.includes(pattern ?? ''))
    .filter((group) => names?.includes(group.name) ?? true)
    .filter(() => (input.logGroupClass ?? 'STANDARD') === 'STANDARD')
    .toSorted(byName);
  const size = bounded(input.limit, 'limit', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(found, size, input.nextToken, invalidToken());
  const described = items.map((group) => describe(request, group));
  // "If you specify logGroupNamePattern in your request, then only arn, creationTime, and logGroupName are included."
  const brief = ({ arn, creationTime, logGroupName }: Logs.LogGroup) => ({ arn, creationTime, logGroupName });
  return { logGroups: pattern === undefined ? described : described.map(brief), nextToken };
};

/** Its pattern is one of texts with `|` between, each of which may be bound to the start by `^`. */
const ListLogGroups: Operation<Logs.ListLogGroupsRequest, Logs.ListLogGroupsResponse> = (request, input) => {
  if (input.dataSources || input.fieldIndexNames || input.logGroupTags)
    throw invalidParameter('The sandbox lists log groups by logGroupNamePattern and logGroupClass only.');
  const texts = (input.logGroupNamePattern ?? '').split('|');
  const found = request.region.logGroups
    .filter(({ name }) =>
      texts.some((text) => (text.startsWith('^') ? name.startsWith(text.slice(1)) : name.includes(text))),
    )
    .filter(() => (input.logGroupClass ?? 'STANDARD') === 'STANDARD')
    .toSorted(byName);
  const size = bounded(input.limit, 'limit', { min: 1, max: 1000, byDefault: 50 });
  const { items, nextToken } = page(found, size, input.nextToken, invalidToken());
  return {
    logGroups: items.map(({ name }) => ({
      logGroupName: name,
      logGroupArn: groupArn(request, name),
      logGroupClass: 'STANDARD',
    })),
    nextToken,
  };
};

function byName(a: LogGroupState, b: LogGroupState): number {
  return a.name < b.name ? -1 : 1;
}

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

export const groupOperations: Operations = {
  CreateLogGroup,
  DeleteLogGroup,
  DescribeLogGroups,
  ListLogGroups,
  PutRetentionPolicy,
  DeleteRetentionPolicy,
};
