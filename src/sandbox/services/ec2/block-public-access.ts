/** VPC Block Public Access: one switch for all subnets of a Region (VPC User Guide, "Block public access to VPCs and subnets"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations, Request } from '../../service.ts';
import type { Ec2State } from '../../world.ts';
import { invalidValue, missingParameter } from './common.ts';

const MODES: readonly string[] = [
  'off',
  'block-bidirectional',
  'block-ingress',
] satisfies Ec2.InternetGatewayBlockMode[];

/** What a VPC or a subnet that is made now tells of it. */
export function blockPublicAccessStates({ blockPublicAccess }: Ec2State): Ec2.BlockPublicAccessStates {
  return { InternetGatewayBlockMode: blockPublicAccess?.mode ?? 'off' };
}

/** It takes effect at once; exclusions of single VPCs and subnets are not simulated. */
const ModifyVpcBlockPublicAccessOptions: Operation<
  Ec2.ModifyVpcBlockPublicAccessOptionsRequest,
  Ec2.ModifyVpcBlockPublicAccessOptionsResult
> = (request, { InternetGatewayBlockMode: mode }) => {
  const { ec2 } = request.region;
  if (mode === undefined) throw missingParameter('internetGatewayBlockMode');
  if (!MODES.includes(mode)) throw invalidValue('internetGatewayBlockMode', mode);
  ec2.blockPublicAccess = { mode, updatedAt: request.now };
  for (const each of [...ec2.vpcs, ...ec2.subnets]) each.BlockPublicAccessStates = blockPublicAccessStates(ec2);
  return { VpcBlockPublicAccessOptions: { ...optionsOf(request), State: 'update-in-progress' } };
};

const DescribeVpcBlockPublicAccessOptions: Operation<
  Ec2.DescribeVpcBlockPublicAccessOptionsRequest,
  Ec2.DescribeVpcBlockPublicAccessOptionsResult
> = (request) => ({ VpcBlockPublicAccessOptions: optionsOf(request) });

function optionsOf({ account, region, regionName }: Request): Ec2.VpcBlockPublicAccessOptions {
  const { blockPublicAccess } = region.ec2;
  return {
    AwsAccountId: account.id,
    AwsRegion: regionName,
    State: blockPublicAccess ? 'update-complete' : 'default-state',
    ...blockPublicAccessStates(region.ec2),
    ...(blockPublicAccess && { LastUpdateTimestamp: new Date(blockPublicAccess.updatedAt) }),
    ManagedBy: 'account',
    ExclusionsAllowed: 'allowed',
  };
}

export const blockPublicAccessOperations: Operations = {
  DescribeVpcBlockPublicAccessOptions,
  ModifyVpcBlockPublicAccessOptions,
};
