/** Subnets, route tables, security groups and network ACLs of the lab's VPCs, and the VPCs themselves. */
import type { SecurityGroup } from '../../../model/network/topology.ts';
import type { Call, Found, Kind, Planned } from '../types.ts';
import type { Occupancy } from './interfaces.ts';
import { call, inside, type Planning, planned } from './planning.ts';

export function subnets(planning: Planning, { inSubnet }: Occupancy): readonly Planned[] {
  return planning.slices.subnets
    .filter(({ vpcId }) => planning.vpcs.has(vpcId))
    .map(({ id, vpcId, tags }) =>
      inside(planning, vpcId, {
        kind: 'subnet',
        id,
        name: tags.Name,
        needs: inSubnet(id),
        calls: [call('ec2:DeleteSubnet', 'SubnetId', id)],
      }),
    );
}

/** A VPC's main table goes with the VPC. */
export function routeTables(planning: Planning): readonly Planned[] {
  const { slices, vpcs, network } = planning;
  return slices.routeTables
    .filter(({ vpcId, main }) => vpcs.has(vpcId) && !main)
    .map(({ id, vpcId, tags }) => {
      const associations = network.routeTables.find(({ RouteTableId }) => RouteTableId === id)?.Associations ?? [];
      return inside(planning, vpcId, {
        kind: 'route-table',
        id,
        name: tags.Name,
        calls: [
          ...associations.map(({ RouteTableAssociationId }) =>
            call('ec2:DisassociateRouteTable', 'AssociationId', RouteTableAssociationId),
          ),
          call('ec2:DeleteRouteTable', 'RouteTableId', id),
        ],
      });
    });
}

export function securityGroups(planning: Planning, { inGroup }: Occupancy): readonly Planned[] {
  const groups = planning.slices.securityGroups.filter(({ vpcId }) => planning.vpcs.has(vpcId));
  return groups
    .filter(({ name }) => name !== 'default')
    .map(({ id, vpcId, name }) =>
      inside(planning, vpcId, {
        kind: 'security-group',
        id,
        name,
        needs: inGroup(id),
        calls: [
          ...groups.flatMap((other) => (other.id === id ? [] : revocations(other, id))),
          call('ec2:DeleteSecurityGroup', 'GroupId', id),
        ],
      }),
    );
}

/** Rules of one group that name another hold that one. */
function revocations(group: SecurityGroup, named: string): readonly Call[] {
  const directions = [
    ['ec2:RevokeSecurityGroupIngress', group.ingress],
    ['ec2:RevokeSecurityGroupEgress', group.egress],
  ] as const;
  return directions.flatMap(([name, rules]) => {
    const IpPermissions = rules.flatMap(({ protocol, fromPort, toPort, peer }) =>
      peer.kind === 'group' && peer.groupId === named
        ? [
            {
              IpProtocol: protocol,
              ...(fromPort !== undefined && { FromPort: fromPort }),
              ...(toPort !== undefined && { ToPort: toPort }),
              UserIdGroupPairs: [{ GroupId: named, ...(peer.ownerId && { UserId: peer.ownerId }) }],
            },
          ]
        : [],
    );
    return IpPermissions.length === 0 ? [] : [{ call: name, input: { GroupId: group.id, IpPermissions } }];
  });
}

export function networkAcls(planning: Planning): readonly Planned[] {
  return planning.slices.networkAcls
    .filter(({ vpcId, isDefault }) => planning.vpcs.has(vpcId) && !isDefault)
    .map(({ id, vpcId, subnetIds }) =>
      inside(planning, vpcId, {
        kind: 'network-acl',
        id,
        needs: subnetIds,
        calls: [call('ec2:DeleteNetworkAcl', 'NetworkAclId', id)],
      }),
    );
}

/** What AWS deletes by itself, or lets stay, when the VPC goes. */
const NO_HINDRANCE: readonly Kind[] = ['flow-log', 'volume', 'elastic-ip', 'peering-connection'];

/** @param strangers Network interfaces that only another service can delete. */
export function vpcs(
  planning: Planning,
  contents: readonly Planned[],
  strangers: readonly Found[],
): readonly Planned[] {
  return planning.slices.vpcs.flatMap(({ id, tags }) => {
    const why = planning.vpcs.get(id)?.why;
    if (why === undefined) return [];
    const held = contents.filter(({ vpcId, kind }) => vpcId === id && !NO_HINDRANCE.includes(kind));
    const interfaces = planning.network.networkInterfaces.filter(({ VpcId }) => VpcId === id);
    const foreign = strangers.filter((each) => interfaces.some((one) => one.NetworkInterfaceId === each.id));
    const needs = [...held, ...foreign].map((each) => each.id);
    const calls = [call('ec2:DeleteVpc', 'VpcId', id)];
    return [planned({ kind: 'vpc', id, name: tags.Name, needs, calls }, why)];
  });
}
