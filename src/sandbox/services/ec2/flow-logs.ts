/** Flow logs: what is asked for. What they record is in ../../traffic. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { DEFAULT_FORMAT, fieldsOf, isField } from '../../../model/flowlog/record.ts';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import {
  invalidValue,
  list,
  missingParameter,
  notFound,
  requireInterface,
  requireSubnet,
  requireVpc,
} from './common.ts';
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

/** @throws AwsError where destination and role do not fit each other (VPC User Guide, "Publish flow logs"). */
function destinationOf({ account }: Request, input: Ec2.CreateFlowLogsRequest): Partial<Ec2.FlowLog> {
  const type = input.LogDestinationType ?? 'cloud-watch-logs';
  if (type !== 'cloud-watch-logs') {
    if (input.LogDestination === undefined)
      throw new AwsError('InvalidParameter', 'LogDestination is required for this destination type.');
    return { LogDestinationType: type, LogDestination: input.LogDestination };
  }
  if (input.LogGroupName !== undefined && input.LogDestination !== undefined)
    throw new AwsError('InvalidParameter', 'Please only provide LogGroupName or only provide LogDestination.');
  if (input.LogGroupName === undefined && input.LogDestination === undefined)
    throw new AwsError('InvalidParameter', 'LogDestination or LogGroupName is required.');
  const roleArn = input.DeliverLogsPermissionArn;
  if (roleArn === undefined)
    throw new AwsError(
      'InvalidParameter',
      'DeliverLogsPermissionArn is required when the destination is CloudWatch Logs.',
    );
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(roleArn))
    throw invalidValue('deliverLogsPermissionArn', roleArn, 'It must be the ARN of an IAM role.');
  if (!account.iam.roles.some(({ arn }) => arn === roleArn))
    throw new AwsError('InvalidParameter', 'Unable to assume given IAM role');
  const name = input.LogGroupName ?? input.LogDestination?.split(':log-group:')[1]?.replace(/:\*$/, '');
  return {
    LogDestinationType: type,
    ...(name !== undefined && { LogGroupName: name }),
    ...(input.LogDestination !== undefined && { LogDestination: input.LogDestination }),
    DeliverLogsPermissionArn: roleArn,
  };
}

/** `${srcaddr} ${dstaddr} …`: fields in any order, one space between (VPC User Guide, Flow log records: custom format). */
function requireFormat(format: string): void {
  if (!/^\$\{[a-z-]+\}( \$\{[a-z-]+\})*$/.test(format)) throw invalidValue('logFormat', format, 'Invalid format.');
  const unknown = fieldsOf(format).filter((field) => !isField(field));
  if (unknown.length > 0) throw new AwsError('InvalidParameter', `Unknown fields provided: ${unknown.join(', ')}`);
}

const CreateFlowLogs: Operation<Ec2.CreateFlowLogsRequest, Ec2.CreateFlowLogsResult> = (request, input) => {
  const { region, now, random } = request;
  const interval = input.MaxAggregationInterval ?? 600;
  if (interval !== 60 && interval !== 600)
    throw invalidValue('maxAggregationInterval', String(interval), 'It must be 60 or 600.');
  if (input.TrafficType === undefined) throw missingParameter('trafficType');
  if (!['ACCEPT', 'REJECT', 'ALL'].includes(input.TrafficType)) throw invalidValue('trafficType', input.TrafficType);
  if (input.LogFormat !== undefined) requireFormat(input.LogFormat);
  const destination = destinationOf(request, input);
  const tags = tagsFor(input.TagSpecifications, 'vpc-flow-log');
  const FlowLogIds: string[] = [];
  const Unsuccessful: Ec2.UnsuccessfulItem[] = [];
  for (const ResourceId of input.ResourceIds ?? []) {
    try {
      requireResource(request, input.ResourceType, ResourceId);
      const same = region.ec2.flowLogs.find(
        (log) =>
          log.ResourceId === ResourceId &&
          log.LogGroupName === destination.LogGroupName &&
          log.LogDestination === destination.LogDestination,
      );
      if (same)
        throw new AwsError(
          'FlowLogAlreadyExists',
          `Error. There is an existing Flow Log with the same configuration and log destination: ${same.FlowLogId}`,
        );
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
        Tags: tags,
      });
      FlowLogIds.push(FlowLogId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Unsuccessful.push({ ResourceId, Error: { Code: error.code, Message: error.message } });
    }
  }
  return { FlowLogIds, Unsuccessful };
};

const DescribeFlowLogs: Operation<Ec2.DescribeFlowLogsRequest, Ec2.DescribeFlowLogsResult> = ({ region }, input) => {
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
  const Unsuccessful: Ec2.UnsuccessfulItem[] = [];
  for (const id of input.FlowLogIds ?? []) {
    if (!region.ec2.flowLogs.some(({ FlowLogId }) => FlowLogId === id)) {
      const { code, message } = notFound('fl', id);
      Unsuccessful.push({ ResourceId: id, Error: { Code: code, Message: message } });
    }
    region.ec2.flowLogs = region.ec2.flowLogs.filter(({ FlowLogId }) => FlowLogId !== id);
  }
  return { Unsuccessful };
};

export const flowLogOperations: Operations = { CreateFlowLogs, DescribeFlowLogs, DeleteFlowLogs };
