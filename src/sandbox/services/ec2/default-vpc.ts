/** What a new account has in every region (VPC User Guide, "Default VPCs"). */
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
): void {
  const vpc = makeVpc(ec2, { accountId, cidr: CIDR, isDefault: true, tags: [], random });
  for (const [index, zone] of zonesOf(regionName).entries())
    makeSubnet(ec2, {
      vpc,
      cidr: `${addressAt(CIDR, index * SUBNET_ADDRESSES)}/20`,
      zone,
      isDefault: true,
      regionName,
      tags: [],
      random,
    });
  const gateway = makeGateway(ec2, accountId, [], random);
  attachTo(gateway, vpc.VpcId);
  const [main] = ec2.routeTables;
  main?.Routes?.push({
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway.InternetGatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  });
}
