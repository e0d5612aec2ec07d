/** What is told of instances. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { type FilterValues, list, requireInstance } from './common.ts';
import { instanceFilters, type Listed } from './instance-filters.ts';

/** @throws AwsError where a call names instances and asks for a page (EC2 API Reference, each action). */
function requireIdsOrPage({ InstanceIds, MaxResults }: Ec2.DescribeInstancesRequest): void {
  if (MaxResults !== undefined && InstanceIds?.length)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
}

function named(request: Request, ids: readonly string[] = []): readonly Ec2.Instance[] {
  if (ids.length === 0) return request.region.ec2.instances;
  const wanted = new Set(ids.map((id) => requireInstance(request, id)));
  return request.region.ec2.instances.filter((instance) => wanted.has(instance));
}

/** Instances that were launched together are told together; a page holds whole reservations. */
const DescribeInstances: Operation<Ec2.DescribeInstancesRequest, Ec2.DescribeInstancesResult> = (request, input) => {
  requireIdsOrPage(input);
  const { account } = request;
  const all = named(request, input.InstanceIds).map(
    (instance): Listed => ({
      ...instance,
      ReservationId: reservationId(request, instance),
      OwnerId: account.id,
    }),
  );
  const { items } = list(
    all,
    { Filters: input.Filters },
    { idOf: ({ InstanceId }) => InstanceId, prefix: 'i', filters: instanceFilters },
  );
  const byReservation = Map.groupBy(items, ({ ReservationId }) => ReservationId);
  const reservations = [...byReservation].map(([ReservationId, instances]) => ({
    ReservationId,
    OwnerId: account.id,
    Groups: [],
    Instances: instances.map(({ ReservationId: _reservation, OwnerId: _owner, ...instance }) => instance),
    Tags: [],
  }));
  const { items: page, ...rest } = list(
    reservations,
    { MaxResults: input.MaxResults, NextToken: input.NextToken },
    { idOf: ({ ReservationId }) => ReservationId, prefix: 'r', filters: {} },
  );
  return { Reservations: page.map(({ Tags: _none, ...reservation }) => reservation), ...rest };
};

/** Instances of older worlds, whose reservation nobody wrote down, have one each. */
export function reservationId({ region }: Request, { InstanceId = '' }: Ec2.Instance): string {
  return region.ec2.launches?.[InstanceId]?.reservationId ?? `r-${InstanceId.slice('i-'.length)}`;
}

function statusOf({ State }: Ec2.Instance): Ec2.InstanceStatusSummary {
  return State?.Name === 'running'
    ? { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] }
    : { Status: 'not-applicable' };
}

const reachability = (instance: Ec2.Instance) => statusOf(instance).Details?.map(({ Status }) => Status);

const statusFilters: FilterValues<Ec2.Instance> = {
  'availability-zone': ({ Placement }) => Placement?.AvailabilityZone,
  'event.code': () => undefined,
  'event.description': () => undefined,
  'event.instance-event-id': () => undefined,
  'event.not-after': () => undefined,
  'event.not-before': () => undefined,
  'instance-state-code': ({ State }) => State?.Code,
  'instance-state-name': ({ State }) => State?.Name,
  'instance-status.reachability': reachability,
  'instance-status.status': (instance) => statusOf(instance).Status,
  'system-status.reachability': reachability,
  'system-status.status': (instance) => statusOf(instance).Status,
};

/** Without IncludeAllInstances only running instances are told. Checks take two minutes after boot on AWS; here none. */
const DescribeInstanceStatus: Operation<Ec2.DescribeInstanceStatusRequest, Ec2.DescribeInstanceStatusResult> = (
  request,
  input,
) => {
  requireIdsOrPage(input);
  const told = named(request, input.InstanceIds).filter(
    ({ State }) => input.IncludeAllInstances || State?.Name === 'running',
  );
  const { items, ...rest } = list(told, input, {
    idOf: ({ InstanceId }) => InstanceId,
    prefix: 'i',
    filters: statusFilters,
  });
  return {
    InstanceStatuses: items.map((instance) => ({
      InstanceId: instance.InstanceId,
      InstanceState: instance.State,
      AvailabilityZone: instance.Placement?.AvailabilityZone,
      InstanceStatus: statusOf(instance),
      SystemStatus: statusOf(instance),
    })),
    ...rest,
  };
};

export const instanceOperations: Operations = { DescribeInstances, DescribeInstanceStatus };
