/** Whose public addresses are whose, as far as packets of the sandbox have them (AWS's ip-ranges.json). */
import { contains } from '../../model/network/cidr.ts';

/** From where EC2 Instance Connect's browser terminals come; Regions that are not named have no such sessions here. */
export const INSTANCE_CONNECT: Readonly<Record<string, string>> = {
  'us-east-1': '18.206.107.24/29',
  'us-east-2': '3.16.146.0/29',
  'us-west-1': '13.52.6.112/29',
  'us-west-2': '18.237.140.160/29',
  'ap-northeast-1': '3.112.23.0/29',
  'ap-northeast-2': '13.209.1.56/29',
  'ap-southeast-1': '3.0.5.32/29',
  'ap-southeast-2': '13.239.158.0/29',
  'eu-central-1': '3.120.181.40/29',
  'eu-west-1': '18.202.216.48/29',
};

/** Blocks from which EC2 hands out public addresses. */
export const EC2_BLOCKS = ['3.80', '18.204', '34.224', '44.192', '52.20', '54.144'];

/** The value of `pkt-src-aws-service` and `pkt-dst-aws-service` (VPC User Guide, Flow log records), or undefined. */
export function awsServiceOf(address: string): string | undefined {
  if (Object.values(INSTANCE_CONNECT).some((block) => contains(block, address))) return 'EC2_INSTANCE_CONNECT';
  return EC2_BLOCKS.some((block) => address.startsWith(`${block}.`)) ? 'EC2' : undefined;
}
