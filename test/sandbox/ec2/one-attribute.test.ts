/** The calls that change one attribute at a time (EC2 API Reference, each action). */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, instanceOf, launch } from './network.ts';

let sandbox: Served;
let ids: { VpcId: string; SubnetId: string; InstanceId: string; NetworkInterfaceId: string };
beforeAll(async () => {
  sandbox = await serve();
  const { vpcId: VpcId, subnetId: SubnetId } = await buildNetwork(sandbox.ec2);
  const InstanceId = await launch(sandbox.ec2, { SubnetId });
  const { NetworkInterfaces } = await instanceOf(sandbox.ec2, InstanceId);
  ids = { VpcId, SubnetId, InstanceId, NetworkInterfaceId: there(NetworkInterfaces?.[0]?.NetworkInterfaceId) };
});
afterAll(() => sandbox.close());

const on = { Value: true };
type Call = (ec2: EC2, several: boolean) => Promise<unknown>;

describe.each<readonly [action: string, named: string, call: Call]>([
  [
    'ModifyVpcAttribute',
    'EnableDnsSupport, EnableDnsHostnames',
    (ec2, several) =>
      ec2.modifyVpcAttribute({ VpcId: ids.VpcId, ...(several && { EnableDnsSupport: on, EnableDnsHostnames: on }) }),
  ],
  [
    'ModifySubnetAttribute',
    'EnableDns64, MapPublicIpOnLaunch',
    (ec2, several) =>
      ec2.modifySubnetAttribute({
        SubnetId: ids.SubnetId,
        ...(several && { EnableDns64: on, MapPublicIpOnLaunch: on }),
      }),
  ],
  [
    'ModifyInstanceAttribute',
    'DisableApiStop, DisableApiTermination',
    (ec2, several) =>
      ec2.modifyInstanceAttribute({
        InstanceId: ids.InstanceId,
        ...(several && { DisableApiStop: on, DisableApiTermination: on }),
      }),
  ],
  [
    'ModifyNetworkInterfaceAttribute',
    'Description, SourceDestCheck',
    (ec2, several) =>
      ec2.modifyNetworkInterfaceAttribute({
        NetworkInterfaceId: ids.NetworkInterfaceId,
        ...(several && { Description: { Value: 'web' }, SourceDestCheck: on }),
      }),
  ],
])('%s', (_action, named, call) => {
  it.each([
    ['none', false, 'No attributes specified.'],
    ['two', true, `Fields for multiple attribute types specified: ${named}`],
  ])('refuses a call that names %s', async (_how, several, message) => {
    const code = 'InvalidParameterCombination';
    expect(await refusal(call(sandbox.ec2, several))).toEqual({ code, status: 400, message });
  });
});
