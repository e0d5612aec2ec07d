/** Tags of any EC2 resource. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations, Request } from '../../service.ts';
import type { SecurityGroupState } from '../../world.ts';
import { list, notFoundAny } from './common.ts';
import { findRule, recordRule, ruleTags } from './security-group-rule-ids.ts';
import { requireTags } from './tag-rules.ts';

interface Tagged {
  readonly id: string | undefined;
  readonly type: Ec2.ResourceType;
  get(): Ec2.Tag[];
  set(tags: Ec2.Tag[]): void;
}

function tagged<T extends { Tags?: Ec2.Tag[] | undefined }>(
  items: readonly T[],
  type: Ec2.ResourceType,
  idOf: (item: T) => string | undefined,
): Tagged[] {
  return items.map((item) => ({
    id: idOf(item),
    type,
    get: () => item.Tags ?? [],
    set: (tags) => {
      item.Tags = tags;
    },
  }));
}

function everything({ region: { ec2 } }: Request): readonly Tagged[] {
  return [
    ...tagged(ec2.vpcs, 'vpc', ({ VpcId }) => VpcId),
    ...tagged(ec2.subnets, 'subnet', ({ SubnetId }) => SubnetId),
    ...tagged(ec2.routeTables, 'route-table', ({ RouteTableId }) => RouteTableId),
    ...tagged(ec2.internetGateways, 'internet-gateway', ({ InternetGatewayId }) => InternetGatewayId),
    ...tagged(ec2.natGateways, 'natgateway', ({ NatGatewayId }) => NatGatewayId),
    ...tagged(
      ec2.egressOnlyInternetGateways,
      'egress-only-internet-gateway',
      ({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId,
    ),
    ...tagged(ec2.vpcEndpoints, 'vpc-endpoint', ({ VpcEndpointId }) => VpcEndpointId),
    ...tagged(ec2.dhcpOptions, 'dhcp-options', ({ DhcpOptionsId }) => DhcpOptionsId),
    ...tagged(ec2.prefixLists, 'prefix-list', ({ PrefixListId }) => PrefixListId),
    ...tagged(ec2.networkAcls, 'network-acl', ({ NetworkAclId }) => NetworkAclId),
    ...tagged(ec2.securityGroups, 'security-group', ({ GroupId }) => GroupId),
    ...tagged(ec2.instances, 'instance', ({ InstanceId }) => InstanceId),
    ...tagged(ec2.peeringConnections, 'vpc-peering-connection', ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId),
    ...tagged(ec2.flowLogs, 'vpc-flow-log', ({ FlowLogId }) => FlowLogId),
    ...tagged(ec2.addresses, 'elastic-ip', ({ AllocationId }) => AllocationId),
    ...tagged(ec2.volumes ?? [], 'volume', ({ VolumeId }) => VolumeId),
    ...tagged(ec2.keyPairs, 'key-pair', ({ KeyPairId }) => KeyPairId),
    ...ec2.securityGroups.flatMap(taggedRules),
    ...ec2.networkInterfaces.map((each) => ({
      id: each.NetworkInterfaceId,
      type: 'network-interface' as const,
      get: () => each.TagSet ?? [],
      set: (tags: Ec2.Tag[]) => {
        each.TagSet = tags;
      },
    })),
  ];
}

/** Of a group's rules, those that were given an id or tags. */
function taggedRules({ RuleRecords = {} }: SecurityGroupState): Tagged[] {
  return Object.values(RuleRecords).map((record) => ({
    id: record.id,
    type: 'security-group-rule',
    get: () => record.tags,
    set: (tags) => {
      record.tags = tags;
    },
  }));
}

function anyRule({ region }: Request, id: string): Tagged | undefined {
  const found = id.startsWith('sgr-') ? findRule(region.ec2.securityGroups, id) : undefined;
  if (!found) return undefined;
  const { group, direction, rule } = found;
  return {
    id,
    type: 'security-group-rule',
    get: () => ruleTags(group, direction, rule),
    set: (tags) => recordRule(group, direction, rule, { id, tags }),
  };
}

/** None for what is not there. */
export function tagsOfResource(request: Request, id: string): readonly Ec2.Tag[] {
  const found = anyRule(request, id) ?? everything(request).find((each) => each.id === id);
  return found?.get() ?? [];
}

function requireTagged(request: Request, id: string): Tagged {
  const found = anyRule(request, id) ?? everything(request).find((each) => each.id === id);
  if (!found) throw notFoundAny(id);
  return found;
}

const CreateTags: Operation<Ec2.CreateTagsRequest, object> = (request, input) => {
  const tags = requireTags(input.Tags ?? []);
  const changes = (input.Resources ?? []).map((id) => {
    const target = requireTagged(request, id);
    const kept = target.get().filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
    return { target, tags: requireTags([...kept, ...tags]) };
  });
  for (const change of changes) change.target.set(change.tags);
  return {};
};

const DeleteTags: Operation<Ec2.DeleteTagsRequest, object> = (request, input) => {
  const gone = ({ Key, Value }: Ec2.Tag) =>
    !input.Tags || input.Tags.some((tag) => tag.Key === Key && (tag.Value === undefined || tag.Value === Value));
  for (const target of (input.Resources ?? []).map((id) => requireTagged(request, id)))
    target.set(target.get().filter((tag) => !gone(tag)));
  return {};
};

const DescribeTags: Operation<Ec2.DescribeTagsRequest, Ec2.DescribeTagsResult> = (request, input) => {
  const all = everything(request).flatMap(({ id, type, get }) =>
    get().map(({ Key, Value }) => ({ ResourceId: id, ResourceType: type, Key, Value })),
  );
  const { items, ...rest } = list(
    all.map((tag) => ({ ...tag, Tags: [tag] })),
    input,
    {
      idOf: ({ ResourceId }) => ResourceId,
      prefix: '',
      filters: {
        key: ({ Key }) => Key,
        'resource-id': ({ ResourceId }) => ResourceId,
        'resource-type': ({ ResourceType }) => ResourceType,
        value: ({ Value }) => Value,
      },
    },
  );
  return { Tags: items.map(({ Tags: _own, ...tag }) => tag), ...rest };
};

export const tagOperations: Operations = { CreateTags, DeleteTags, DescribeTags };
