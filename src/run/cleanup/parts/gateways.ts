/** NAT gateways, endpoints, peering connections and internet gateways of the lab's VPCs. */
import { ENDPOINT_ZONE_HOUR, NAT_GATEWAY_HOUR } from '../prices.ts';
import type { Planned } from '../types.ts';
import { call, inside, isRemembered, LAB_TAG, type Planning, planned, REMEMBERED } from './planning.ts';

export function natGateways(planning: Planning): readonly Planned[] {
  return planning.slices.natGateways
    .filter(({ vpcId, state }) => planning.vpcs.has(vpcId) && state !== 'deleted')
    .map(({ id, vpcId, state, tags }) =>
      inside(planning, vpcId, {
        kind: 'nat-gateway',
        id,
        name: tags.Name,
        hourlyCost: state === 'failed' || state === 'deleting' ? 0 : NAT_GATEWAY_HOUR,
        calls: state === 'deleting' ? [] : [call('ec2:DeleteNatGateway', 'NatGatewayId', id)],
      }),
    );
}

export function endpoints(planning: Planning): readonly Planned[] {
  return planning.network.endpoints.map(({ VpcEndpointId: id, VpcId, VpcEndpointType, SubnetIds, State, Tags: name }) =>
    inside(planning, VpcId, {
      kind: 'vpc-endpoint',
      id,
      name,
      hourlyCost: VpcEndpointType === 'Gateway' ? 0 : ENDPOINT_ZONE_HOUR * SubnetIds.length,
      calls: State.toLowerCase() === 'deleting' ? [] : [call('ec2:DeleteVpcEndpoints', 'VpcEndpointIds', [id])],
    }),
  );
}

/** VPC Peering Guide, "VPC peering connection lifecycle": in the other states it is past, and only still shown. */
const LIVE = ['active', 'provisioning', 'pending-acceptance', 'initiating-request'];

export function peerings(planning: Planning): readonly Planned[] {
  return planning.slices.peeringConnections.flatMap(({ id, status, requester, accepter, tags }) => {
    const vpcId = [requester.vpcId, accepter.vpcId].find((each) => planning.vpcs.has(each));
    if (vpcId === undefined || !LIVE.includes(status)) return [];
    const calls = [call('ec2:DeleteVpcPeeringConnection', 'VpcPeeringConnectionId', id)];
    return [inside(planning, vpcId, { kind: 'peering-connection', id, name: tags.Name, calls })];
  });
}

/** Those attached, and detached ones that an earlier cleanup or the solution's tag tells. @param users Of public addresses. */
export function internetGateways(planning: Planning, users: readonly Planned[]): readonly Planned[] {
  const { slices, vpcs, names } = planning;
  return slices.internetGateways.flatMap(({ id, vpcIds, tags }): Planned[] => {
    const drop = call('ec2:DeleteInternetGateway', 'InternetGatewayId', id);
    const thing = { kind: 'internet-gateway', id, name: tags.Name } as const;
    const vpcId = vpcIds.find((each) => vpcs.has(each));
    if (vpcId !== undefined) {
      const detach = { call: 'ec2:DetachInternetGateway', input: { InternetGatewayId: id, VpcId: vpcId } };
      const needs = users.filter((each) => each.vpcId === vpcId).map((each) => each.id);
      return [inside(planning, vpcId, { ...thing, needs, calls: [detach, drop] })];
    }
    if (vpcIds.length > 0) return [];
    if (isRemembered(planning, id)) return [planned({ ...thing, calls: [drop] }, REMEMBERED)];
    const isNamed = names.tags.get('internet-gateway')?.has(tags.Name ?? '');
    return isNamed ? [planned({ ...thing, calls: [drop] }, `${LAB_TAG}, and it is attached to nothing`)] : [];
  });
}

export function egressOnlyGateways(planning: Planning): readonly Planned[] {
  return planning.network.egressGateways.flatMap(({ EgressOnlyInternetGatewayId: id, Attachments, Tags: name }) => {
    const vpcId = Attachments.find(({ VpcId }) => planning.vpcs.has(VpcId))?.VpcId;
    if (vpcId === undefined) return [];
    const calls = [call('ec2:DeleteEgressOnlyInternetGateway', 'EgressOnlyInternetGatewayId', id)];
    return [inside(planning, vpcId, { kind: 'egress-only-internet-gateway', id, name, calls })];
  });
}
