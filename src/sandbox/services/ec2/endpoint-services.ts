/** The services of AWS that a VPC endpoint can lead to (AWS PrivateLink Guide, "AWS services that integrate"). */
import { createHash } from 'node:crypto';
import type * as Ec2 from '@aws-sdk/client-ec2';
import { zonesOf } from '../../regions.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { list } from './common.ts';

const GATEWAYS = ['s3', 'dynamodb'];
const INTERFACES = [
  ...['autoscaling', 'cloudformation', 'cloudtrail', 'dynamodb', 'ebs', 'ec2', 'ec2messages', 'ecr.api', 'ecr.dkr'],
  ...['ecs', 'ecs-agent', 'ecs-telemetry', 'elasticfilesystem', 'elasticloadbalancing', 'events', 'execute-api'],
  ...['iam', 'kinesis-firehose', 'kinesis-streams', 'kms', 'lambda', 'logs', 'monitoring', 'rds', 's3'],
  ...['secretsmanager', 'sns', 'sqs', 'ssm', 'ssm-contacts', 'ssmmessages', 'states', 'sts', 'xray'],
];

type Type = 'Gateway' | 'Interface';

/** Hexadecimal digits that are always the same for the same words. */
export function digitsOf(words: string, count: number): string {
  return createHash('sha256').update(words).digest('hex').slice(0, count);
}

function detail(regionName: string, name: string, type: Type): Ec2.ServiceDetail {
  const zones = zonesOf(regionName);
  const domain = `${name}.${regionName}`;
  const privateName = `${name.split('.').toReversed().join('.')}.${regionName}.amazonaws.com`;
  return {
    ServiceName: `com.amazonaws.${regionName}.${name}`,
    ServiceId: `vpce-svc-0${digitsOf(`${regionName} ${name} ${type}`, 16)}`,
    ServiceType: [{ ServiceType: type }],
    ServiceRegion: regionName,
    AvailabilityZoneIds: zones.map((zone) => zone.id),
    AvailabilityZones: zones.map((zone) => zone.name),
    Owner: 'amazon',
    BaseEndpointDnsNames: [type === 'Gateway' ? `${domain}.amazonaws.com` : `${domain}.vpce.amazonaws.com`],
    ...(type === 'Interface' && {
      PrivateDnsName: privateName,
      PrivateDnsNames: [{ PrivateDnsName: privateName }],
      PrivateDnsNameVerificationState: 'verified',
    }),
    VpcEndpointPolicySupported: true,
    AcceptanceRequired: false,
    ManagesVpcEndpoints: false,
    SupportedIpAddressTypes: ['ipv4'],
    Tags: [],
  };
}

export function endpointServices(regionName: string): readonly Ec2.ServiceDetail[] {
  return [
    ...GATEWAYS.map((name) => detail(regionName, name, 'Gateway')),
    ...INTERFACES.map((name) => detail(regionName, name, 'Interface')),
  ];
}

const typesOf = ({ ServiceType }: Ec2.ServiceDetail) => (ServiceType ?? []).map((each) => each.ServiceType);

/** @throws AwsError where AWS has no such service, or has it for endpoints of another type. */
export function requireService(regionName: string, name: string, type: string): Ec2.ServiceDetail {
  const named = endpointServices(regionName).filter(({ ServiceName }) => ServiceName === name);
  if (named.length === 0) throw noService(name);
  const service = named.find((each) => typesOf(each).some((own) => own === type));
  if (!service)
    throw new AwsError(
      'InvalidParameter',
      `Endpoint type (${type}) does not match available service types ([${named.flatMap(typesOf).join(', ')}]).`,
    );
  return service;
}

function noService(name: string): AwsError {
  return new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
}

const DescribeVpcEndpointServices: Operation<
  Ec2.DescribeVpcEndpointServicesRequest,
  Ec2.DescribeVpcEndpointServicesResult
> = ({ regionName }, input) => {
  const all = endpointServices(regionName);
  const names = input.ServiceNames ?? [];
  const unknown = names.find((name) => !all.some(({ ServiceName }) => ServiceName === name));
  if (unknown !== undefined) throw noService(unknown);
  const chosen = all.filter(({ ServiceName = '' }) => names.length === 0 || names.includes(ServiceName));
  const { items, ...rest } = list(chosen, input, {
    idOf: ({ ServiceId }) => ServiceId,
    prefix: '',
    filters: {
      owner: ({ Owner }) => Owner,
      'service-name': ({ ServiceName }) => ServiceName,
      'service-region': ({ ServiceRegion }) => ServiceRegion,
      'service-type': typesOf,
      'supported-ip-address-types': ({ SupportedIpAddressTypes }) => SupportedIpAddressTypes ?? [],
    },
  });
  return {
    ServiceNames: [...new Set(items.flatMap(({ ServiceName }) => ServiceName ?? []))],
    ServiceDetails: items,
    ...rest,
  };
};

export const endpointServiceOperations: Operations = { DescribeVpcEndpointServices };
