/** Managed nodes: the instances whose agent has reached Systems Manager. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type * as Ssm from '@aws-sdk/client-ssm';
import type { Topology } from '../../../model/network/topology.ts';
import { walk } from '../../../model/network/walk.ts';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { topologyOf } from '../../topology.ts';
import { profileAllowsSsm } from '../iam/effective.ts';
import { bounded, invalidToken } from './refusal.ts';

/** From running with a fit profile to the agent's registration. */
const registrationMs = 30_000;
/** Stands for the service's public endpoints. */
const endpoint = '52.94.177.20';

export interface ManagedNode {
  readonly instance: Ec2.Instance;
  readonly id: string;
  readonly platform: 'Linux' | 'Windows';
  /** Epoch milliseconds. */
  readonly registeredAt: number;
}

/**
 * Systems Manager User Guide, "Setting up managed nodes": a running instance, a profile that lets its agent register,
 * and a way out to the service (HTTPS, no inbound rule needed).
 */
export function managedNodes(request: Request): ManagedNode[] {
  const { ec2 } = request.region;
  const topology = topologyOf(ec2);
  return ec2.instances.flatMap((instance) => {
    const { InstanceId: id, IamInstanceProfile: profile } = instance;
    if (id === undefined || instance.State?.Name !== 'running' || profile?.Arn === undefined) return [];
    const association = ec2.iamProfileAssociations.find(({ InstanceId }) => InstanceId === id);
    const able = Math.max(ec2.since[id] ?? 0, association?.Timestamp?.getTime() ?? 0);
    const registeredAt = able + registrationMs;
    if (registeredAt > request.now || !profileAllowsSsm(request.account, profile.Arn)) return [];
    return reachesService(topology, instance) ? [{ instance, id, platform: platformOf(instance), registeredAt }] : [];
  });
}

function platformOf({ PlatformDetails }: Ec2.Instance): ManagedNode['platform'] {
  return PlatformDetails === 'Windows' ? 'Windows' : 'Linux';
}

function reachesService(topology: Topology, instance: Ec2.Instance): boolean {
  const interfaceId = instance.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
  const { answer } = walk(topology, { protocol: 'tcp', from: { interfaceId }, to: endpoint, destinationPort: 443 });
  return answer === 'delivered';
}

const DescribeInstanceInformation: Operation<
  Ssm.DescribeInstanceInformationRequest,
  Ssm.DescribeInstanceInformationResult
> = (request, input) => {
  const filters = [
    ...(input.Filters ?? []).map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })),
    ...(input.InstanceInformationFilterList ?? []).map(({ key = '', valueSet = [] }) => ({ key, values: valueSet })),
  ];
  const found = managedNodes(request).filter((node) =>
    filters.every(({ key, values }) => filterValues(node, key).some((value) => values.includes(value))),
  );
  const size = bounded(input.MaxResults, 'maxResults', { min: 5, max: 50, byDefault: 10 });
  const { items, nextToken } = page(found, size, input.NextToken, invalidToken());
  return { InstanceInformationList: items.map((node) => informationOf(node, request)), NextToken: nextToken };
};

function filterValues({ instance, id, platform }: ManagedNode, key: string): string[] {
  const tags = instance.Tags ?? [];
  if (key.startsWith('tag:')) return tags.filter(({ Key }) => `tag:${Key}` === key).map(({ Value = '' }) => Value);
  switch (key) {
    case 'InstanceIds':
      return [id];
    case 'PingStatus':
      return ['Online'];
    case 'PlatformTypes':
      return [platform];
    case 'ResourceType':
      return ['EC2Instance'];
    case 'tag-key':
      return tags.map(({ Key = '' }) => Key);
    default:
      throw new AwsError('InvalidFilterKey', `The specified key ${key} is not valid.`);
  }
}

function informationOf(node: ManagedNode, { now }: Request): Ssm.InstanceInformation {
  const { instance, id, platform, registeredAt } = node;
  const beatMs = 60_000;
  return {
    InstanceId: id,
    PingStatus: 'Online',
    LastPingDateTime: new Date(now - ((now - registeredAt) % beatMs)),
    AgentVersion: '3.3.3050.0',
    IsLatestVersion: true,
    PlatformType: platform,
    ...(platform === 'Linux' && { PlatformName: 'Amazon Linux', PlatformVersion: '2023' }),
    ResourceType: 'EC2Instance',
    IPAddress: instance.PrivateIpAddress,
    ComputerName: instance.PrivateDnsName,
    SourceId: id,
    SourceType: 'AWS::EC2::Instance',
  };
}

/** Nothing collects inventory here: no association of AWS-GatherSoftwareInventory was ever made. */
const GetInventory: Operation<Ssm.GetInventoryRequest, Ssm.GetInventoryResult> = () => ({ Entities: [] });

export const managedOperations: Operations = { DescribeInstanceInformation, GetInventory };
