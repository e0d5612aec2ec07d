/** Rules that name groups of peer VPCs, and what becomes of them (VPC Peering Guide, "Reference peer security groups"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, Operations, Request } from '../../service.ts';
import type { SecurityGroupState } from '../../world.ts';
import { list, requireVpc } from './common.ts';
import { type Direction, rulesIn } from './security-group-rule-ids.ts';
import { join, type Rule } from './security-group-rules.ts';
import { requireGroup } from './security-groups.ts';

/** The peer VPCs whose groups name these groups. */
const DescribeSecurityGroupReferences: Operation<
  Ec2.DescribeSecurityGroupReferencesRequest,
  Ec2.DescribeSecurityGroupReferencesResult
> = (request, input) => {
  const groups = (input.GroupId ?? []).map((id) => requireGroup(request, id));
  return { SecurityGroupReferenceSet: groups.flatMap((group) => referencesTo(request, group)) };
};

function referencesTo(
  { world, regionName }: Request,
  { GroupId, VpcId }: SecurityGroupState,
): Ec2.SecurityGroupReference[] {
  const everyGroup = Object.values(world.accounts).flatMap(
    ({ regions }) => regions[regionName]?.ec2.securityGroups ?? [],
  );
  const found = everyGroup
    .filter((group) => group.VpcId !== VpcId)
    .flatMap((group) =>
      [...rulesIn(group, 'IpPermissions'), ...rulesIn(group, 'IpPermissionsEgress')]
        .flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs)
        .filter((pair) => pair.GroupId === GroupId)
        .map(({ VpcPeeringConnectionId }) => ({ GroupId, ReferencingVpcId: group.VpcId, VpcPeeringConnectionId })),
    );
  return [...new Map(found.map((each) => [`${each.ReferencingVpcId} ${each.VpcPeeringConnectionId}`, each])).values()];
}

/** Rules of a VPC's groups that name a group of a peer VPC which is gone, or whose peering connection is. */
const DescribeStaleSecurityGroups: Operation<
  Ec2.DescribeStaleSecurityGroupsRequest,
  Ec2.DescribeStaleSecurityGroupsResult
> = (request, input) => {
  const { VpcId } = requireVpc(request, input.VpcId);
  const stale = request.region.ec2.securityGroups
    .filter((group) => group.VpcId === VpcId)
    .map(({ GroupId, GroupName, Description, ...group }) => ({
      GroupId,
      GroupName,
      Description,
      VpcId,
      StaleIpPermissions: staleIn(request, group, 'IpPermissions'),
      StaleIpPermissionsEgress: staleIn(request, group, 'IpPermissionsEgress'),
      Tags: [],
    }))
    .filter((each) => each.StaleIpPermissions.length + each.StaleIpPermissionsEgress.length > 0);
  const { items, ...rest } = list(stale, input, {
    idOf: ({ GroupId }) => GroupId,
    prefix: 'sg',
    filters: {},
    bounds: { least: 5, most: 255 },
  });
  return { StaleSecurityGroupSet: items.map(({ Tags: _none, ...each }) => each), ...rest };
};

function staleIn(request: Request, group: Ec2.SecurityGroup, direction: Direction): Ec2.StaleIpPermission[] {
  const stale = rulesIn(group, direction).filter((rule) => isStale(request, rule));
  return join(stale).map(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs }) => ({
    IpProtocol,
    FromPort,
    ToPort,
    IpRanges: [],
    PrefixListIds: [],
    UserIdGroupPairs,
  }));
}

function isStale({ world, region, regionName }: Request, { UserIdGroupPairs = [] }: Rule): boolean {
  return UserIdGroupPairs.some(({ GroupId, UserId = '', VpcPeeringConnectionId: peeringId }) => {
    if (peeringId === undefined) return false;
    const peering = region.ec2.peeringConnections.find(
      ({ VpcPeeringConnectionId }) => VpcPeeringConnectionId === peeringId,
    );
    const groups = world.accounts[UserId]?.regions[regionName]?.ec2.securityGroups ?? [];
    return peering?.Status?.Code !== 'active' || !groups.some((group) => group.GroupId === GroupId);
  });
}

const GetSecurityGroupsForVpc: Operation<Ec2.GetSecurityGroupsForVpcRequest, Ec2.GetSecurityGroupsForVpcResult> = (
  request,
  input,
) => {
  const { VpcId } = requireVpc(request, input.VpcId);
  const own = request.region.ec2.securityGroups.filter((group) => group.VpcId === VpcId);
  const { items, ...rest } = list(own, input, {
    idOf: ({ GroupId }) => GroupId,
    prefix: 'sg',
    filters: {
      'group-id': ({ GroupId }) => GroupId,
      description: ({ Description }) => Description,
      'group-name': ({ GroupName }) => GroupName,
      'owner-id': ({ OwnerId }) => OwnerId,
      'primary-vpc-id': (group) => group.VpcId,
    },
  });
  return {
    SecurityGroupForVpcs: items.map(({ GroupId, GroupName, Description, OwnerId, Tags }) => ({
      GroupId,
      GroupName,
      Description,
      OwnerId,
      PrimaryVpcId: VpcId,
      Tags,
    })),
    ...rest,
  };
};

export const securityGroupReferenceOperations: Operations = {
  DescribeSecurityGroupReferences,
  DescribeStaleSecurityGroups,
  GetSecurityGroupsForVpc,
};
