/** Internet gateways. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { dependencyViolation, list, requireGateway, requireVpc } from './common.ts';
import { tagsFor } from './tag-rules.ts';

export function makeGateway(
  ec2: Ec2State,
  accountId: string,
  tags: Ec2.Tag[],
  random: () => number,
): Ec2.InternetGateway {
  const gateway: Ec2.InternetGateway = {
    InternetGatewayId: resourceId(random, 'igw'),
    OwnerId: accountId,
    Attachments: [],
    Tags: tags,
  };
  ec2.internetGateways.push(gateway);
  return gateway;
}

/** EC2 says `available` for an attached internet gateway, which the SDK's type does not list. */
export function attachTo(gateway: Ec2.InternetGateway, vpcId: string | undefined): void {
  gateway.Attachments = [{ VpcId: vpcId, State: 'available' as Ec2.AttachmentStatus }];
}

const CreateInternetGateway: Operation<Ec2.CreateInternetGatewayRequest, Ec2.CreateInternetGatewayResult> = (
  { region, account, random },
  input,
) => ({
  InternetGateway: makeGateway(region.ec2, account.id, tagsFor(input.TagSpecifications, 'internet-gateway'), random),
});

const DescribeInternetGateways: Operation<Ec2.DescribeInternetGatewaysRequest, Ec2.DescribeInternetGatewaysResult> = (
  { region },
  input,
) => {
  const { items, ...rest } = list(region.ec2.internetGateways, input, {
    ids: input.InternetGatewayIds,
    idOf: ({ InternetGatewayId }) => InternetGatewayId,
    prefix: 'igw',
    filters: {
      'attachment.state': ({ Attachments }) => (Attachments ?? []).map(({ State }) => State),
      'attachment.vpc-id': ({ Attachments }) => (Attachments ?? []).map(({ VpcId }) => VpcId),
      'internet-gateway-id': ({ InternetGatewayId }) => InternetGatewayId,
      'owner-id': ({ OwnerId }) => OwnerId,
    },
  });
  return { InternetGateways: items, ...rest };
};

const AttachInternetGateway: Operation<Ec2.AttachInternetGatewayRequest, object> = (request, input) => {
  const gateway = requireGateway(request, input.InternetGatewayId);
  const { VpcId } = requireVpc(request, input.VpcId);
  const [attachment] = gateway.Attachments ?? [];
  if (attachment)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${gateway.InternetGatewayId} is already attached to network ${attachment.VpcId}`,
    );
  if (request.region.ec2.internetGateways.some(({ Attachments }) => Attachments?.some((each) => each.VpcId === VpcId)))
    throw new AwsError('InvalidParameterValue', `Network ${VpcId} already has an internet gateway attached`);
  attachTo(gateway, VpcId);
  return {};
};

const DetachInternetGateway: Operation<Ec2.DetachInternetGatewayRequest, object> = (request, input) => {
  const gateway = requireGateway(request, input.InternetGatewayId);
  const { VpcId } = requireVpc(request, input.VpcId);
  if (!gateway.Attachments?.some((attachment) => attachment.VpcId === VpcId))
    throw new AwsError(
      'Gateway.NotAttached',
      `resource ${gateway.InternetGatewayId} is not attached to network ${VpcId}`,
    );
  const mapped = request.region.ec2.networkInterfaces.some(
    (each) => each.VpcId === VpcId && each.PrivateIpAddresses?.some(({ Association }) => Association),
  );
  if (mapped)
    throw new AwsError(
      'DependencyViolation',
      `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  gateway.Attachments = [];
  return {};
};

const DeleteInternetGateway: Operation<Ec2.DeleteInternetGatewayRequest, object> = (request, input) => {
  const gateway = requireGateway(request, input.InternetGatewayId);
  if (gateway.Attachments?.length) throw dependencyViolation(`The internetGateway '${gateway.InternetGatewayId}'`);
  const { ec2 } = request.region;
  ec2.internetGateways = ec2.internetGateways.filter((each) => each !== gateway);
  for (const table of ec2.routeTables)
    table.Associations = table.Associations?.filter(({ GatewayId }) => GatewayId !== gateway.InternetGatewayId);
  return {};
};

export const gatewayOperations: Operations = {
  CreateInternetGateway,
  DescribeInternetGateways,
  AttachInternetGateway,
  DetachInternetGateway,
  DeleteInternetGateway,
};
