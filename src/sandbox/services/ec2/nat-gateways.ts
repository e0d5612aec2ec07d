/** NAT gateways. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations } from '../../service.ts';
import { list } from './common.ts';

const DescribeNatGateways: Operation<Ec2.DescribeNatGatewaysRequest, Ec2.DescribeNatGatewaysResult> = (
  { region },
  input,
) => {
  const { items, ...rest } = list(
    region.ec2.natGateways,
    { ...input, Filters: input.Filter },
    {
      ids: input.NatGatewayIds,
      idOf: ({ NatGatewayId }) => NatGatewayId,
      prefix: 'nat',
      filters: {
        'nat-gateway-id': ({ NatGatewayId }) => NatGatewayId,
        state: ({ State }) => State,
        'subnet-id': ({ SubnetId }) => SubnetId,
        'vpc-id': ({ VpcId }) => VpcId,
      },
    },
  );
  return { NatGateways: items, ...rest };
};

export const natGatewayOperations: Operations = { DescribeNatGateways };
