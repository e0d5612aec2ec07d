/** What a new account has in every region (VPC User Guide, "Default VPCs"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { zonesOf } from '../../regions.ts';
import type { Ec2State } from '../../world.ts';
import { addressAt } from './cidr-blocks.ts';
import { attachTo, makeGateway } from './gateways.ts';
import { makeSubnet } from './subnets.ts';
import { makeVpc } from './vpcs.ts';

const CIDR = '172.31.0.0/16';
const SUBNET_ADDRESSES = 4096;

export function defaultVpc(
  ec2: Ec2State,
  {
    accountId,
    regionName,
    random,
  }: { readonly accountId: string; readonly regionName: string; readonly random: () => number },
): Ec2.Vpc {
  const blocks = defaultBlocks();
  const vpc = makeVpc(ec2, { accountId, regionName, cidr: CIDR, isDefault: true, tags: [], random });
  for (const [index, zone] of zonesOf(regionName).entries())
    makeSubnet(ec2, {
      vpc,
      cidr: blocks[index] ?? '',
      zone,
      isDefault: true,
      regionName,
      tags: [],
      random,
    });
  const gateway = makeGateway(ec2, accountId, [], random);
  attachTo(gateway, vpc.VpcId);
  const main = ec2.routeTables.find(({ VpcId }) => VpcId === vpc.VpcId);
  main?.Routes?.push({
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway.InternetGatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  });
  return vpc;
}

/** The blocks that its default subnets have, one after another. */
export function defaultBlocks(): string[] {
  return Array.from({ length: 16 }, (_, index) => `${addressAt(CIDR, index * SUBNET_ADDRESSES)}/20`);
}
