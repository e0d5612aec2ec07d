/** Tags of any EC2 resource. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations, Request } from '../../service.ts';
import type { Ec2State, SecurityGroupState } from '../../world.ts';
import { findById } from './by-id.ts';
import { list, notFoundAny } from './common.ts';
import { findRule, recordRule, ruleTags } from './security-group-rule-ids.ts';
import { requireTags } from './tag-rules.ts';

interface Tagged {
  readonly id: string | undefined;
  readonly type: Ec2.ResourceType;
  get(): Ec2.Tag[];
  set(tags: Ec2.Tag[]): void;
}

/** The resources of one kind that carries tags: told by the prefix of their ids, they need not all be looked through. */
interface Kind {
  all(): Tagged[];
  find(id: string): Tagged | undefined;
}

function kind<T>(
  type: Ec2.ResourceType,
  prefix: string,
  items: readonly T[],
  idOf: (item: T) => string | undefined,
  tagsOf: (item: T) => Pick<Tagged, 'get' | 'set'>,
): Kind {
  const tagged = (item: T): Tagged => ({ id: idOf(item), type, ...tagsOf(item) });
  return {
    all: () => items.map(tagged),
    find: (id) => {
      const found = id.startsWith(`${prefix}-`) ? findById(items, idOf, id) : undefined;
      return found && tagged(found);
    },
  };
}

const plain = (item: { Tags?: Ec2.Tag[] | undefined }) => ({
  get: () => item.Tags ?? [],
  set: (tags: Ec2.Tag[]) => {
    item.Tags = tags;
  },
});

/** An interface's tags have a name of their own. */
const tagSet = (item: Ec2.NetworkInterface) => ({
  get: () => item.TagSet ?? [],
  set: (tags: Ec2.Tag[]) => {
    item.TagSet = tags;
  },
});

function kindsOf(ec2: Ec2State): readonly Kind[] {
  return [
    kind('vpc', 'vpc', ec2.vpcs, ({ VpcId }) => VpcId, plain),
    kind('subnet', 'subnet', ec2.subnets, ({ SubnetId }) => SubnetId, plain),
    kind('route-table', 'rtb', ec2.routeTables, ({ RouteTableId }) => RouteTableId, plain),
    kind('internet-gateway', 'igw', ec2.internetGateways, ({ InternetGatewayId }) => InternetGatewayId, plain),
    kind('natgateway', 'nat', ec2.natGateways, ({ NatGatewayId }) => NatGatewayId, plain),
    kind(
      'egress-only-internet-gateway',
      'eigw',
      ec2.egressOnlyInternetGateways,
      ({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId,
      plain,
    ),
    kind('vpc-endpoint', 'vpce', ec2.vpcEndpoints, ({ VpcEndpointId }) => VpcEndpointId, plain),
    kind('dhcp-options', 'dopt', ec2.dhcpOptions, ({ DhcpOptionsId }) => DhcpOptionsId, plain),
    kind('prefix-list', 'pl', ec2.prefixLists, ({ PrefixListId }) => PrefixListId, plain),
    kind('network-acl', 'acl', ec2.networkAcls, ({ NetworkAclId }) => NetworkAclId, plain),
    kind('security-group', 'sg', ec2.securityGroups, ({ GroupId }) => GroupId, plain),
    kind('instance', 'i', ec2.instances, ({ InstanceId }) => InstanceId, plain),
    kind(
      'vpc-peering-connection',
      'pcx',
      ec2.peeringConnections,
      ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId,
      plain,
    ),
    kind('vpc-flow-log', 'fl', ec2.flowLogs, ({ FlowLogId }) => FlowLogId, plain),
    kind('elastic-ip', 'eipalloc', ec2.addresses, ({ AllocationId }) => AllocationId, plain),
    kind('volume', 'vol', ec2.volumes ?? [], ({ VolumeId }) => VolumeId, plain),
    kind('key-pair', 'key', ec2.keyPairs, ({ KeyPairId }) => KeyPairId, plain),
    kind('network-interface', 'eni', ec2.networkInterfaces, ({ NetworkInterfaceId }) => NetworkInterfaceId, tagSet),
  ];
}

function everything({ region: { ec2 } }: Request): readonly Tagged[] {
  return [...kindsOf(ec2).flatMap(({ all }) => all()), ...ec2.securityGroups.flatMap(taggedRules)];
}

function findTagged(request: Request, id: string): Tagged | undefined {
  const rule = anyRule(request, id);
  if (rule) return rule;
  for (const { find } of kindsOf(request.region.ec2)) {
    const found = find(id);
    if (found) return found;
  }
  return undefined;
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
  return findTagged(request, id)?.get() ?? [];
}

function requireTagged(request: Request, id: string): Tagged {
  const found = findTagged(request, id);
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
