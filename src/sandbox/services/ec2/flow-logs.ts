/** Flow logs: what is asked for. What they record is in ../../traffic. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { versionOfField } from '../../../model/flowlog/fields.ts';
import { DEFAULT_FORMAT, fieldsOf } from '../../../model/flowlog/record.ts';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { once } from './client-tokens.ts';
import { invalidValue, list, missingParameter, requireInterface, requireSubnet, requireVpc } from './common.ts';
import { tagsFor } from './tag-rules.ts';

function requireResource(request: Request, type: Ec2.FlowLogsResourceType | undefined, id: string): void {
  switch (type) {
    case 'VPC':
      requireVpc(request, id);
      return;
    case 'Subnet':
      requireSubnet(request, id);
      return;
    case 'NetworkInterface':
      requireInterface(request, id);
      return;
    default:
      throw invalidValue('resourceType', type ?? '', 'It must be VPC, Subnet or NetworkInterface.');
  }
}

/** What a destination of each type looks like (API Reference, CreateFlowLogs). */
const DESTINATIONS: Readonly<Record<string, RegExp>> = {
  'cloud-watch-logs': /^arn:aws:logs:[a-z0-9-]+:\d{12}:log-group:[^:]+(:\*)?$/,
  s3: /^arn:aws:s3:::[a-z0-9.-]{3,63}(\/.*)?$/,
  'kinesis-data-firehose': /^arn:aws:firehose:[a-z0-9-]+:\d{12}:deliverystream\/.+$/,
};

/** @throws AwsError where destination and role do not fit each other (VPC User Guide, "Publish flow logs"). */
function destinationOf({ account, regionName }: Request, input: Ec2.CreateFlowLogsRequest): Partial<Ec2.FlowLog> {
  const type = input.LogDestinationType ?? 'cloud-watch-logs';
  const kind = Object.hasOwn(DESTINATIONS, type) ? DESTINATIONS[type] : undefined;
  if (kind === undefined) throw invalidValue('logDestinationType', type);
  if (input.LogDestination !== undefined && !kind.test(input.LogDestination))
    throw new AwsError(
      'InvalidParameter',
      `LogDestination ${input.LogDestination} is no ARN of this destination type.`,
    );
  if (type !== 'cloud-watch-logs') {
    if (input.LogGroupName !== undefined)
      throw new AwsError(
        'InvalidParameter',
        'LogDestination type must be cloud-watch-logs if LogGroupName is provided.',
      );
    if (input.LogDestination === undefined) throw noDestination();
    return { LogDestinationType: type, LogDestination: input.LogDestination };
  }
  if (input.LogGroupName !== undefined && input.LogDestination !== undefined)
    throw new AwsError('InvalidParameter', 'Please only provide LogGroupName or only provide LogDestination.');
  if (input.LogGroupName === undefined && input.LogDestination === undefined) throw noDestination();
  const roleArn = input.DeliverLogsPermissionArn;
  if (roleArn === undefined)
    throw new AwsError(
      'InvalidParameter',
      "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    );
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(roleArn))
    throw invalidValue('deliverLogsPermissionArn', roleArn, 'It must be the ARN of an IAM role.');
  if (!account.iam.roles.some(({ arn }) => arn === roleArn))
    throw new AwsError('InvalidParameter', `Unable to assume given IAM role: '${roleArn}'`);
  const [, place, named] = /^arn:aws:logs:([^:]*:[^:]*):log-group:([^:]+)/.exec(input.LogDestination ?? '') ?? [];
  if (place !== undefined && place !== `${regionName}:${account.id}`)
    throw new AwsError('InvalidParameter', `The log group ${input.LogDestination} is in another account or Region.`);
  const name = input.LogGroupName ?? named ?? '';
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalidValue('logGroupName', name);
  return {
    LogDestinationType: type,
    LogGroupName: name,
    ...(input.LogDestination !== undefined && { LogDestination: input.LogDestination }),
    DeliverLogsPermissionArn: roleArn,
  };
}

function noDestination(): AwsError {
  return new AwsError('InvalidParameter', "LogDestination can't be empty if LogGroupName is not provided.");
}

/** Of later versions' fields the sandbox would have nothing to tell. */
const NEWEST_VERSION = 5;

/** `${srcaddr} ${dstaddr} …`: fields in any order, one space between (VPC User Guide, Flow log records: custom format). */
function requireFormat(format: string): void {
  if (!/^\$\{[a-z-]+\}( \$\{[a-z-]+\})*$/.test(format)) throw invalidValue('logFormat', format, 'Invalid format.');
  const unknown = fieldsOf(format).filter((field) => (versionOfField(field) ?? Infinity) > NEWEST_VERSION);
  if (unknown.length > 0) throw new AwsError('InvalidParameter', `Unknown fields provided: ${unknown.join(', ')}`);
}

const CreateFlowLogs: Operation<Ec2.CreateFlowLogsRequest, Ec2.CreateFlowLogsResult> = (request, input) => {
  const { ClientToken } = input;
  return once(
    request,
    'CreateFlowLogs',
    input,
    () => {
      const output = makeFlowLogs(request, input);
      return { output: { ClientToken, ...output }, ids: output.FlowLogIds };
    },
    (ids) => ({ ClientToken, FlowLogIds: [...ids], Unsuccessful: [] }),
  );
};

/** A resource that is not there is told among the unsuccessful ones; all else that is wrong makes nothing. */
function makeFlowLogs(request: Request, input: Ec2.CreateFlowLogsRequest) {
  const { region, now, random } = request;
  const interval = input.MaxAggregationInterval ?? 600;
  if (interval !== 60 && interval !== 600)
    throw new AwsError('InvalidParameter', 'Invalid Flow Log Max Aggregation Interval');
  if (input.TrafficType === undefined) throw missingParameter('trafficType');
  if (!['ACCEPT', 'REJECT', 'ALL'].includes(input.TrafficType)) throw invalidValue('trafficType', input.TrafficType);
  if (input.LogFormat !== undefined) requireFormat(input.LogFormat);
  const destination = destinationOf(request, input);
  const tags = tagsFor(input.TagSpecifications, 'vpc-flow-log');
  const FlowLogIds: string[] = [];
  const Unsuccessful: Ec2.UnsuccessfulItem[] = [];
  for (const ResourceId of input.ResourceIds ?? []) requireNoneYet(region.ec2, ResourceId, destination);
  for (const ResourceId of input.ResourceIds ?? []) {
    try {
      requireResource(request, input.ResourceType, ResourceId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Unsuccessful.push({ ResourceId, Error: { Code: error.code, Message: error.message } });
      continue;
    }
    const FlowLogId = resourceId(random, 'fl');
    region.ec2.flowLogs.push({
      FlowLogId,
      ResourceId,
      TrafficType: input.TrafficType,
      ...destination,
      FlowLogStatus: 'ACTIVE',
      CreationTime: new Date(now),
      LogFormat: input.LogFormat ?? DEFAULT_FORMAT,
      MaxAggregationInterval: interval,
      Tags: tags.map((tag) => ({ ...tag })),
    });
    FlowLogIds.push(FlowLogId);
  }
  return { FlowLogIds, Unsuccessful };
}

function requireNoneYet({ flowLogs }: Ec2State, resource: string, destination: Partial<Ec2.FlowLog>): void {
  const isSame = ({ ResourceId, LogGroupName, LogDestination }: Ec2.FlowLog) =>
    ResourceId === resource &&
    LogGroupName === destination.LogGroupName &&
    LogDestination === destination.LogDestination;
  if (flowLogs.some(isSame))
    throw new AwsError(
      'FlowLogAlreadyExists',
      'Error. There is an existing Flow Log with the same configuration and log destination.',
    );
}

const DescribeFlowLogs: Operation<Ec2.DescribeFlowLogsRequest, Ec2.DescribeFlowLogsResult> = ({ region }, input) => {
  requireAll(region.ec2, input.FlowLogIds ?? []);
  const { items, ...rest } = list(
    region.ec2.flowLogs,
    { ...input, Filters: input.Filter },
    {
      ids: input.FlowLogIds,
      idOf: ({ FlowLogId }) => FlowLogId,
      prefix: 'fl',
      filters: {
        'deliver-log-status': ({ DeliverLogsStatus }) => DeliverLogsStatus,
        'flow-log-id': ({ FlowLogId }) => FlowLogId,
        'log-destination-type': ({ LogDestinationType }) => LogDestinationType,
        'log-group-name': ({ LogGroupName }) => LogGroupName,
        'resource-id': ({ ResourceId }) => ResourceId,
        'traffic-type': ({ TrafficType }) => TrafficType,
      },
    },
  );
  return { FlowLogs: items, ...rest };
};

const DeleteFlowLogs: Operation<Ec2.DeleteFlowLogsRequest, Ec2.DeleteFlowLogsResult> = ({ region }, input) => {
  const ids = input.FlowLogIds ?? [];
  requireAll(region.ec2, ids);
  region.ec2.flowLogs = region.ec2.flowLogs.filter(({ FlowLogId = '' }) => !ids.includes(FlowLogId));
  return { Unsuccessful: [] };
};

function requireAll({ flowLogs }: Ec2State, ids: readonly string[]): void {
  const unknown = ids.filter((id) => !flowLogs.some(({ FlowLogId }) => FlowLogId === id));
  if (unknown.length > 0)
    throw new AwsError(
      'InvalidFlowLogId.NotFound',
      `These flow log ids in the input list are not found: [TotalCount: ${unknown.length}] ${unknown.join(' ')}`,
    );
}

export const flowLogOperations: Operations = { CreateFlowLogs, DescribeFlowLogs, DeleteFlowLogs };
