/** The default VPC and its subnets, made anew (VPC User Guide, "Create a default VPC" and "Create a default subnet"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { zonesOf } from '../../regions.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { anyOverlap } from './cidr-blocks.ts';
import { invalidValue } from './common.ts';
import { defaultBlocks, defaultVpc } from './default-vpc.ts';
import { makeSubnet } from './subnets.ts';

const CreateDefaultVpc: Operation<Ec2.CreateDefaultVpcRequest, Ec2.CreateDefaultVpcResult> = ({
  region,
  regionName,
  account,
  random,
}) => {
  if (region.ec2.vpcs.some(({ IsDefault }) => IsDefault))
    throw new AwsError('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.');
  return { Vpc: defaultVpc(region.ec2, { accountId: account.id, regionName, random }) };
};

/** The first /20 of the default VPC that is free. */
const CreateDefaultSubnet: Operation<Ec2.CreateDefaultSubnetRequest, Ec2.CreateDefaultSubnetResult> = (
  { region, regionName, random },
  input,
) => {
  const asked = input.AvailabilityZone ?? input.AvailabilityZoneId;
  const zone = zonesOf(regionName).find(({ name, id }) => asked !== undefined && [name, id].includes(asked));
  if (!zone) throw invalidValue('availabilityZone', asked ?? '', 'It is not a zone of this Region.');
  const vpc = region.ec2.vpcs.find(({ IsDefault }) => IsDefault);
  if (!vpc) throw new AwsError('DefaultVpcDoesNotExist', 'There is no default VPC for this account in this region.');
  const siblings = region.ec2.subnets.filter(({ VpcId }) => VpcId === vpc.VpcId);
  const same = siblings.find(({ DefaultForAz, AvailabilityZone }) => DefaultForAz && AvailabilityZone === zone.name);
  if (same)
    throw new AwsError(
      'DefaultSubnetAlreadyExistsInAvailabilityZone',
      `'${same.SubnetId}' is already the default subnet in ${zone.name}.`,
    );
  const taken = siblings.flatMap(({ CidrBlock }) => CidrBlock ?? []);
  const cidr = defaultBlocks().find((block) => !anyOverlap([block], taken));
  if (cidr === undefined)
    throw new AwsError('InsufficientCidrBlocks', `The VPC '${vpc.VpcId}' does not have enough free CIDR blocks.`);
  return { Subnet: makeSubnet(region.ec2, { vpc, cidr, zone, isDefault: true, regionName, tags: [], random }) };
};

export const defaultVpcOperations: Operations = { CreateDefaultVpc, CreateDefaultSubnet };
