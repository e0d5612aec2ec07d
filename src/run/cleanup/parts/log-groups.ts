/** Log groups: where the lab's flow logs deliver. One that came back after its flow log is known by its name. */
import type { LogGroup } from '../../../model/account.ts';
import type { Found, Planned } from '../types.ts';
import { call, left, type Part, type Planning, planned } from './planning.ts';

/** AWS delivers what it has buffered some minutes late, and makes the group again for that where the role may. */
const COMES_BACK_MS = 60 * 60_000;

/** @param flowLogs What is deleted of them. @param isOlder Was what was made then (epoch milliseconds) not made for the lab? */
export function logGroups(planning: Planning, flowLogs: readonly Planned[], isOlder: (at: number) => boolean): Part {
  const { slices, names, bindings, otherStreams } = planning;
  const ids = new Set(flowLogs.map(({ id }) => id));
  const resources: Planned[] = [];
  const others: Found[] = [];
  for (const group of slices.logGroups) {
    const { name, createdAt } = group;
    const writers = slices.flowLogs.filter(({ logGroupName }) => logGroupName === name);
    const own = writers.filter(({ id }) => ids.has(id));
    const stranger = writers.find(({ id }) => !ids.has(id));
    const isNamed = names.logGroups.has(name);
    const isBack = cameBack(planning, group);
    const isLike =
      writers.length === 0 && Object.values(bindings).some(({ kind, id }) => kind === 'logGroup' && id === name);
    if (own.length === 0 && !isNamed && !isBack && !isLike) continue;
    const reason = stranger
      ? `flow log ${stranger.id}, which is not the lab's, delivers to it`
      : isNamed || isBack
        ? undefined
        : own.length === 0
          ? 'only its name is like that of the lab: no flow log of the lab delivers to it'
          : otherStreams.has(name)
            ? 'it holds log streams of something else, too'
            : isOlder(createdAt)
              ? 'it is older than the lab'
              : undefined;
    const thing = { kind: 'log-group', id: name, hourlyCost: 0 } as const;
    if (reason) others.push(left({ ...thing, why: reason }));
    else
      resources.push(
        planned(
          {
            ...thing,
            needs: own.map(({ id }) => id),
            calls: [call('logs:DeleteLogGroup', 'logGroupName', name)],
          },
          own[0]
            ? `flow log ${own[0].id} delivers to it`
            : isNamed
              ? "its name is the one of the lab's log group, and no flow log delivers to it now"
              : 'an earlier cleanup deleted it, and late records made it again',
        ),
      );
  }
  return { resources, left: others };
}

/** Of the name that an earlier cleanup had, and made before it or soon after: not a group of later years. */
function cameBack({ remembered }: Planning, { name, createdAt }: LogGroup): boolean {
  return remembered.some(({ kind, id, at }) => kind === 'log-group' && id === name && createdAt <= at + COMES_BACK_MS);
}
