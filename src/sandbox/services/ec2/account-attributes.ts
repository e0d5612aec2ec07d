/** Attributes of the account (EC2 API Reference, DescribeAccountAttributes). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations } from '../../service.ts';
import { invalidValue } from './common.ts';

const DescribeAccountAttributes: Operation<
  Ec2.DescribeAccountAttributesRequest,
  Ec2.DescribeAccountAttributesResult
> = ({ region }, input) => {
  // AWS tells what it gives by default here, even where the account's quotas are raised, as they are in the sandbox.
  const all: Readonly<Record<string, string>> = {
    'vpc-max-security-groups-per-interface': '5',
    'max-instances': '20',
    'supported-platforms': 'VPC',
    'default-vpc': region.ec2.vpcs.find(({ IsDefault }) => IsDefault)?.VpcId ?? 'none',
    'max-elastic-ips': '5',
    'vpc-max-elastic-ips': '5',
  };
  const asked = input.AttributeNames ?? [];
  const names: readonly string[] = asked.length === 0 ? Object.keys(all) : asked;
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw invalidValue('attributeName', unknown, 'Unknown attribute.');
  return {
    AccountAttributes: names.map((AttributeName) => ({
      AttributeName,
      AttributeValues: [{ AttributeValue: all[AttributeName] }],
    })),
  };
};

export const accountAttributeOperations: Operations = { DescribeAccountAttributes };
