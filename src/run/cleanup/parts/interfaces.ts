/** Network interfaces, and by them who lives in a subnet and who wears a security group. */
import type { Found, Planned } from '../types.ts';
import { call, inside, left, type Part, type Planning } from './planning.ts';

/** Those that do not go with an instance, a NAT gateway or an endpoint; those of other services are theirs to delete. */
export function interfaces(planning: Planning): Part {
  const { network, vpcs } = planning;
  const resources: Planned[] = [];
  const others: Found[] = [];
  const instanceIds = network.instances.map(({ InstanceId }) => InstanceId);
  for (const each of network.networkInterfaces) {
    const { NetworkInterfaceId: id, VpcId, Attachment, TagSet: name } = each;
    const holder = instanceIds.find((instance) => instance === Attachment?.InstanceId);
    if (serviceHolder(planning, id) || (holder && Attachment?.DeleteOnTermination)) continue;
    if (each.RequesterManaged || (each.Status !== 'available' && !holder)) {
      const what = each.Description || each.InterfaceType;
      const why = `another service made it inside ${vpcs.get(VpcId)?.label} (${what}): delete it there, or the VPC stays`;
      others.push(left({ kind: 'network-interface', id, name, why, hourlyCost: null }));
    } else
      resources.push(
        inside(planning, VpcId, {
          kind: 'network-interface',
          id,
          name,
          needs: holder ? [holder] : [],
          calls: [call('ec2:DeleteNetworkInterface', 'NetworkInterfaceId', id)],
        }),
      );
  }
  return { resources, left: others };
}

/** The NAT gateway or endpoint that the interface is part of. */
function serviceHolder({ slices, network }: Planning, id: string): string | undefined {
  return (
    slices.natGateways.find((each) => each.state !== 'deleted' && each.networkInterfaceId === id)?.id ??
    network.endpoints.find(({ NetworkInterfaceIds }) => NetworkInterfaceIds.includes(id))?.VpcEndpointId
  );
}

export interface Occupancy {
  inSubnet(subnetId: string): readonly string[];
  inGroup(groupId: string): readonly string[];
}

/** @param occupants What is deleted or left alone, and may be the one. */
export function occupancyOf(planning: Planning, occupants: readonly Found[]): Occupancy {
  const known = new Set(occupants.map(({ id }) => id));
  const { networkInterfaces } = planning.network;
  const idsOf = (wanted: (each: (typeof networkInterfaces)[number]) => boolean): string[] => {
    const ids = networkInterfaces
      .filter(wanted)
      .flatMap(({ NetworkInterfaceId: id, Attachment }) => [id, Attachment?.InstanceId, serviceHolder(planning, id)]);
    return [...new Set(ids.filter((id) => id !== undefined))].filter((id) => known.has(id));
  };
  return {
    inSubnet: (subnetId) => idsOf(({ SubnetId }) => SubnetId === subnetId),
    inGroup: (groupId) => idsOf(({ Groups }) => Groups.some(({ GroupId }) => GroupId === groupId)),
  };
}
