/** Service-linked roles: made for an AWS service, changed by it only (IAM User Guide, "Service-linked roles"). */
import type * as Iam from '@aws-sdk/client-iam';
import { iamId, uuid } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { RoleState } from '../iam-state.ts';
import { noSuchEntity, requireRole } from './common.ts';
import { fullRoleShape, SERVICE_PATH } from './roles.ts';
import { renamePrincipal } from './trust-principals.ts';

/** Of the services that a network lab may meet; which of them take a suffix. */
const SERVICES: Readonly<Record<string, { readonly name: string; readonly suffix?: boolean }>> = {
  'autoscaling.amazonaws.com': { name: 'AutoScaling', suffix: true },
  'ec2scheduled.amazonaws.com': { name: 'EC2ScheduledInstances' },
  'ecs.amazonaws.com': { name: 'ECS' },
  'eks.amazonaws.com': { name: 'AmazonEKS' },
  'elasticloadbalancing.amazonaws.com': { name: 'ElasticLoadBalancing' },
  'delivery.logs.amazonaws.com': { name: 'LogDelivery' },
  'rds.amazonaws.com': { name: 'RDS' },
  'reachabilityanalyzer.networkinsights.amazonaws.com': { name: 'ReachabilityAnalyzer' },
  'spot.amazonaws.com': { name: 'EC2Spot' },
  'spotfleet.amazonaws.com': { name: 'EC2SpotFleet' },
  'ssm.amazonaws.com': { name: 'AmazonSSM' },
  'transitgateway.amazonaws.com': { name: 'VPCTransitGateway' },
};

const CreateServiceLinkedRole: Operation<Iam.CreateServiceLinkedRoleRequest, Iam.CreateServiceLinkedRoleResponse> = (
  { account, now, random },
  input,
) => {
  const service = input.AWSServiceName ?? '';
  const known = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  if (!known)
    throw new AwsError('InvalidInput', `${service} is not a service that the sandbox has a service-linked role for.`);
  if (input.CustomSuffix !== undefined && !known.suffix)
    throw new AwsError('InvalidInput', `Custom suffix is not allowed for ${service}`);
  const suffix = input.CustomSuffix === undefined ? '' : `_${input.CustomSuffix}`;
  const name = `AWSServiceRoleFor${known.name}${suffix}`;
  const path = `${SERVICE_PATH}${service}/`;
  const taken = `Service role name ${name} has been taken in this account, please try a different suffix.`;
  if (account.iam.roles.some((role) => role.name === name)) throw new AwsError('InvalidInput', taken);
  const trust = { Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] };
  const role: RoleState = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:role${path}${name}`,
    id: iamId(random, 'AROA'),
    createDate: now,
    ...(input.Description !== undefined && { description: input.Description }),
    maxSessionDuration: 3600,
    trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    attachedPolicyArns: [],
    inlinePolicies: {},
    tags: {},
  };
  account.iam.roles.push(role);
  return { Role: fullRoleShape(role) };
};

/** Nothing here uses the role, so it is gone at once; the task tells so. */
const DeleteServiceLinkedRole: Operation<Iam.DeleteServiceLinkedRoleRequest, Iam.DeleteServiceLinkedRoleResponse> = (
  { world, account, random },
  input,
) => {
  const role = requireRole(account, input.RoleName);
  if (!role.path.startsWith(SERVICE_PATH))
    throw new AwsError('InvalidInput', `Role ${role.name} is not a service-linked role.`);
  account.iam.roles = account.iam.roles.filter((each) => each !== role);
  renamePrincipal(world, role.arn, role.id);
  return { DeletionTaskId: `task${role.path}${role.name}/${uuid(random)}` };
};

const GetServiceLinkedRoleDeletionStatus: Operation<
  Iam.GetServiceLinkedRoleDeletionStatusRequest,
  Iam.GetServiceLinkedRoleDeletionStatusResponse
> = (_, input) => {
  if (!/^task\/aws-service-role\/[\w.]+\/[\w+=,.@-]+\/[0-9a-f-]{36}$/.test(input.DeletionTaskId ?? ''))
    throw noSuchEntity(`The deletion task ${input.DeletionTaskId} cannot be found.`);
  return { Status: 'SUCCEEDED' };
};

export const serviceLinkedOperations: Operations = {
  CreateServiceLinkedRole,
  DeleteServiceLinkedRole,
  GetServiceLinkedRoleDeletionStatus,
};
