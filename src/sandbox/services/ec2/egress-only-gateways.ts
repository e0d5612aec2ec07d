/** Egress-only internet gateways: the way out for IPv6 (VPC User Guide, "Egress-only internet gateways"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import type { Operation, Operations } from '../../service.ts';
import { once } from './client-tokens.ts';
import { list, requireEgressOnlyGateway, requireVpc } from './common.ts';
import { tagsFor } from './tag-rules.ts';

const BOUNDS = { least: 5, most: 255 };

const CreateEgressOnlyInternetGateway: Operation<
  Ec2.CreateEgressOnlyInternetGatewayRequest,
  Ec2.CreateEgressOnlyInternetGatewayResult
> = (request, input) => {
  const { region, random } = request;
  const answer = (EgressOnlyInternetGateway: Ec2.EgressOnlyInternetGateway) => ({
    EgressOnlyInternetGateway,
    ClientToken: input.ClientToken,
  });
  return once(
    request,
    'CreateEgressOnlyInternetGateway',
    input,
    () => {
      const { VpcId } = requireVpc(request, input.VpcId);
      const id = resourceId(random, 'eigw');
      const gateway: Ec2.EgressOnlyInternetGateway = {
        EgressOnlyInternetGatewayId: id,
        Attachments: [{ State: 'attached', VpcId }],
        Tags: tagsFor(input.TagSpecifications, 'egress-only-internet-gateway'),
      };
      region.ec2.egressOnlyInternetGateways.push(gateway);
      return { output: answer(gateway), ids: [id] };
    },
    ([id]) => {
      const known = region.ec2.egressOnlyInternetGateways.find((each) => each.EgressOnlyInternetGatewayId === id);
      return known && answer(known);
    },
  );
};

const DescribeEgressOnlyInternetGateways: Operation<
  Ec2.DescribeEgressOnlyInternetGatewaysRequest,
  Ec2.DescribeEgressOnlyInternetGatewaysResult
> = ({ region }, input) => {
  const { items, ...rest } = list(region.ec2.egressOnlyInternetGateways, input, {
    ids: input.EgressOnlyInternetGatewayIds,
    idOf: ({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId,
    prefix: 'eigw',
    bounds: BOUNDS,
    filters: {},
  });
  return { EgressOnlyInternetGateways: items, ...rest };
};

/** Its routes stay, as blackholes. */
const DeleteEgressOnlyInternetGateway: Operation<
  Ec2.DeleteEgressOnlyInternetGatewayRequest,
  Ec2.DeleteEgressOnlyInternetGatewayResult
> = (request, input) => {
  const gateway = requireEgressOnlyGateway(request, input.EgressOnlyInternetGatewayId);
  const { ec2 } = request.region;
  ec2.egressOnlyInternetGateways = ec2.egressOnlyInternetGateways.filter((each) => each !== gateway);
  return { ReturnCode: true };
};

export const egressOnlyGatewayOperations: Operations = {
  CreateEgressOnlyInternetGateway,
  DescribeEgressOnlyInternetGateways,
  DeleteEgressOnlyInternetGateway,
};
