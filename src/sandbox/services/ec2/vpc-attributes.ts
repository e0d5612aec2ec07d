/** Attributes of a VPC: DNS (VPC User Guide, "DNS attributes for your VPC"), tenancy, address usage metrics. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations } from '../../service.ts';
import { invalidValue, oneAttribute, requireVpc } from './common.ts';

const NAMES = ['EnableDnsSupport', 'EnableDnsHostnames', 'EnableNetworkAddressUsageMetrics'] as const;

const ModifyVpcAttribute: Operation<Ec2.ModifyVpcAttributeRequest, object> = (request, input) => {
  const { VpcId = '' } = requireVpc(request, input.VpcId);
  const name = oneAttribute(NAMES, input);
  const attributes = request.region.ec2.vpcAttributes[VpcId];
  const value = input[name]?.Value;
  if (!attributes || value === undefined) return {};
  if (name === 'EnableDnsSupport') attributes.enableDnsSupport = value;
  if (name === 'EnableDnsHostnames') attributes.enableDnsHostnames = value;
  if (name === 'EnableNetworkAddressUsageMetrics') attributes.enableNetworkAddressUsageMetrics = value;
  return {};
};

const DescribeVpcAttribute: Operation<Ec2.DescribeVpcAttributeRequest, Ec2.DescribeVpcAttributeResult> = (
  request,
  input,
) => {
  const { VpcId = '' } = requireVpc(request, input.VpcId);
  const attributes = request.region.ec2.vpcAttributes[VpcId];
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId, EnableDnsSupport: { Value: attributes?.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId, EnableDnsHostnames: { Value: attributes?.enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return {
        VpcId,
        EnableNetworkAddressUsageMetrics: { Value: attributes?.enableNetworkAddressUsageMetrics ?? false },
      };
    default:
      throw invalidValue('attribute', input.Attribute ?? '');
  }
};

/** From dedicated to default only (EC2 API Reference, ModifyVpcTenancy). */
const ModifyVpcTenancy: Operation<Ec2.ModifyVpcTenancyRequest, Ec2.ModifyVpcTenancyResult> = (request, input) => {
  const vpc = requireVpc(request, input.VpcId);
  if (input.InstanceTenancy !== 'default')
    throw invalidValue('instanceTenancy', input.InstanceTenancy ?? '', 'It must be default.');
  vpc.InstanceTenancy = 'default';
  return { ReturnValue: true };
};

export const vpcAttributeOperations: Operations = { ModifyVpcAttribute, DescribeVpcAttribute, ModifyVpcTenancy };
