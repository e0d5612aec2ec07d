/** What becomes of a VPC endpoint by the clock (AWS PrivateLink Guide, "Interface endpoint states"). */
import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Ec2State } from '../../world.ts';
import { removeInterfaces } from './vpc-endpoint-parts.ts';

const CREATE_MS = 60_000;
const DELETE_MS = 60_000;

type State = 'pending' | 'available' | 'deleting';

/** EC2 says its states in small letters, which the SDK's type writes with capitals. */
export function stateOf({ State }: Ec2.VpcEndpoint): State {
  return String(State) as State;
}

export function setState(endpoint: Ec2.VpcEndpoint, state: State): void {
  endpoint.State = state as Ec2.State;
}

export function settleEndpoints(ec2: Ec2State, now: number): void {
  const age = ({ VpcEndpointId = '' }: Ec2.VpcEndpoint) => now - (ec2.since[VpcEndpointId] ?? now);
  for (const endpoint of ec2.vpcEndpoints)
    if (stateOf(endpoint) === 'pending' && age(endpoint) >= CREATE_MS) setState(endpoint, 'available');
  const ended = ec2.vpcEndpoints.filter((each) => stateOf(each) === 'deleting' && age(each) >= DELETE_MS);
  for (const endpoint of ended) removeInterfaces(ec2, endpoint, endpoint.SubnetIds ?? []);
  ec2.vpcEndpoints = ec2.vpcEndpoints.filter((each) => !ended.includes(each));
}

/** Does the clock alone change anything here? */
export function isEndpointMoving(endpoint: Ec2.VpcEndpoint): boolean {
  return stateOf(endpoint) !== 'available';
}
