/** Elastic IP addresses: those that the lab's VPCs use, and free ones that a cleanup or the solution's tag tells. */
import { PUBLIC_IPV4_HOUR } from '../prices.ts';
import type { Found, Planned } from '../types.ts';
import { call, isRemembered, LAB_TAG, left, type Part, type Planning, planned, REMEMBERED } from './planning.ts';

type Address = Planning['network']['addresses'][number];

export function addresses(planning: Planning): Part {
  const resources: Planned[] = [];
  const others: Found[] = [];
  for (const address of planning.network.addresses) {
    const { AllocationId: id, PublicIp, AssociationId, Tags: tag } = address;
    if (id === undefined) continue;
    const used = holderOf(planning, address);
    const why = used ? `the public address of ${used.id}` : whyFree(planning, address);
    const thing = {
      kind: 'elastic-ip',
      id,
      name: tag ? `${tag}, ${PublicIp}` : PublicIp,
      hourlyCost: PUBLIC_IPV4_HOUR,
    } as const;
    if (why !== undefined)
      resources.push({
        ...planned(
          {
            ...thing,
            needs: used?.nat ? [used.id] : [],
            calls: [
              // A NAT gateway gives its address back itself, and lets nobody take it.
              ...(AssociationId && !used?.nat ? [call('ec2:DisassociateAddress', 'AssociationId', AssociationId)] : []),
              call('ec2:ReleaseAddress', 'AllocationId', id),
            ],
          },
          why,
        ),
        ...(used && { vpcId: used.vpcId }),
      });
    // It costs, whoever made it: that is worth a line.
    else if (AssociationId === undefined)
      others.push(left({ ...thing, why: 'nothing uses it, and it costs; nothing tells who made it' }));
  }
  return { resources, left: others };
}

function holderOf({ network, slices }: Planning, { NetworkInterfaceId }: Address) {
  const at = network.networkInterfaces.find((each) => each.NetworkInterfaceId === NetworkInterfaceId);
  if (!at) return undefined;
  const nat = slices.natGateways.find((each) => each.networkInterfaceId === NetworkInterfaceId);
  const id = nat?.id ?? at.Attachment?.InstanceId ?? at.NetworkInterfaceId;
  return { id, vpcId: at.VpcId, nat: nat !== undefined };
}

function whyFree(planning: Planning, { AllocationId, AssociationId, Tags: tag = '' }: Address): string | undefined {
  if (AssociationId !== undefined) return undefined;
  if (isRemembered(planning, AllocationId)) return REMEMBERED;
  return planning.names.tags.get('elastic-ip')?.has(tag) ? LAB_TAG : undefined;
}
