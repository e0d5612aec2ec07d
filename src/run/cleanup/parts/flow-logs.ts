/** Flow logs of the lab's networks, and those whose network is gone: AWS removes them "eventually" only (EC2 API Reference, DeleteVpc). */
import type { Found, Planned } from '../types.ts';
import { nameOf } from '../vpcs.ts';
import { call, inside, isRemembered, left, type Part, type Planning, planned } from './planning.ts';

export function flowLogs(planning: Planning): Part {
  const { slices, vpcs, names } = planning;
  const place = vpcOfEach(planning);
  const resources: Planned[] = [];
  const others: Found[] = [];
  for (const { id, resourceId, tags, logGroupName = '', roleArn } of slices.flowLogs) {
    const vpcId = place.get(resourceId);
    const thing = {
      kind: 'flow-log',
      id,
      name: tags.Name,
      calls: [call('ec2:DeleteFlowLogs', 'FlowLogIds', [id])],
    } as const;
    if (vpcId !== undefined) {
      if (vpcs.has(vpcId)) resources.push(inside(planning, vpcId, thing));
      continue;
    }
    const isKnown = isRemembered(planning, id) || isRemembered(planning, resourceId);
    const gone = `what it logged, ${resourceId}, is gone`;
    if (isKnown || names.logGroups.has(logGroupName) || names.roles.has(nameOf(roleArn)))
      resources.push(
        planned(
          thing,
          `${gone}, and its ${isKnown ? 'id is on the list of an earlier cleanup' : 'log group or role is the one of the lab'}`,
        ),
      );
    else
      others.push(
        left({
          kind: 'flow-log',
          id,
          name: tags.Name,
          why: `${gone}; nothing tells that it was the lab's`,
          hourlyCost: 0,
        }),
      );
  }
  return { resources, left: others };
}

function vpcOfEach({ slices }: Planning): ReadonlyMap<string, string> {
  return new Map([
    ...slices.vpcs.map(({ id }) => [id, id] as const),
    ...slices.subnets.map(({ id, vpcId }) => [id, vpcId] as const),
    ...slices.networkInterfaces.map(({ id, vpcId }) => [id, vpcId] as const),
  ]);
}
