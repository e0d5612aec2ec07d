/** Elastic IP addresses (EC2 API Reference, each action; EC2 User Guide, "Recover an Elastic IP address"). */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { buildNetwork, instanceOf, launch } from './network.ts';

let sandbox: Served;
let ec2: EC2;
let NetworkInterfaceId: string;
let SubnetId: string;
let held: { AllocationId: string; PublicIp: string };
beforeAll(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  ({ subnetId: SubnetId } = await buildNetwork(ec2));
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId });
  NetworkInterfaceId = there(NetworkInterface?.NetworkInterfaceId);
  held = await allocate();
});
afterAll(() => sandbox.close());

async function allocate() {
  const { AllocationId, PublicIp } = await ec2.allocateAddress({ Domain: 'vpc' });
  return { AllocationId: there(AllocationId), PublicIp: there(PublicIp) };
}

it('More than five can be had: the account has a raised quota', async () => {
  const more = await Promise.all(Array.from({ length: 6 }, allocate));
  expect(new Set(more.map(({ PublicIp }) => PublicIp)).size).toBe(6);
  for (const { AllocationId } of more) await ec2.releaseAddress({ AllocationId });
});

it('One that was released can be had again, once', async () => {
  const { AllocationId, PublicIp } = await allocate();
  await ec2.releaseAddress({ AllocationId });
  const again = await ec2.allocateAddress({ Address: PublicIp });
  expect(again).toMatchObject({ PublicIp, Domain: 'vpc' });
  expect(again.AllocationId).not.toBe(AllocationId);
  expect(await refusal(ec2.allocateAddress({ Address: PublicIp }))).toMatchObject({ code: 'InvalidAddress.NotFound' });
  await ec2.releaseAddress({ AllocationId: again.AllocationId });
});

it.each<readonly [what: string, code: string, call: () => Promise<unknown>]>([
  ['EC2-Classic', 'InvalidParameterValue', () => ec2.allocateAddress({ Domain: 'standard' })],
  ['an address of nobody', 'InvalidAddress.NotFound', () => ec2.describeAddresses({ PublicIps: ['192.0.2.1'] })],
  [
    'the public address where the allocation is meant',
    'InvalidParameterCombination',
    () => ec2.associateAddress({ NetworkInterfaceId, PublicIp: held.PublicIp }),
  ],
  ['both of them', 'InvalidParameterCombination', () => ec2.associateAddress({ NetworkInterfaceId, ...held })],
  ['neither of them', 'MissingParameter', () => ec2.associateAddress({ NetworkInterfaceId })],
  ['nothing to be with', 'MissingParameter', () => ec2.associateAddress({ AllocationId: held.AllocationId })],
  [
    'the public address at the end of an association',
    'InvalidParameterValue',
    () => ec2.disassociateAddress({ PublicIp: held.PublicIp }),
  ],
  ['no association', 'MissingParameter', () => ec2.disassociateAddress({})],
  ['the public address to give back', 'InvalidParameterValue', () => ec2.releaseAddress({ PublicIp: held.PublicIp })],
  ['nothing to give back', 'MissingParameter', () => ec2.releaseAddress({})],
])('A call with %s is refused with %s', async (_what, code, call) => {
  expect(await refusal(call())).toMatchObject({ code, status: 400 });
});

it('An instance gets an address when it is no longer pending, named itself or by its interface', async () => {
  const id = await launch(ec2, { SubnetId });
  const { NetworkInterfaces } = await instanceOf(ec2, id);
  const byInstance = { AllocationId: held.AllocationId, InstanceId: id };
  const eni = there(NetworkInterfaces?.[0]?.NetworkInterfaceId);
  const byInterface = { AllocationId: held.AllocationId, NetworkInterfaceId: eni };
  expect(await refusal(ec2.associateAddress(byInstance))).toEqual({
    code: 'InvalidInstanceID',
    status: 400,
    message: `The pending instance '${id}' is not in a valid state for this operation.`,
  });
  expect(await refusal(ec2.associateAddress(byInterface))).toEqual({
    code: 'IncorrectInstanceState',
    status: 400,
    message: `The pending-instance-creation instance to which '${eni}' is attached is not in a valid state for this operation`,
  });
  sandbox.pass(60);
  const { AssociationId } = await ec2.associateAddress(byInstance);
  await ec2.disassociateAddress({ AssociationId });
  await ec2.stopInstances({ InstanceIds: [id] });
  sandbox.pass(600);
  await ec2.disassociateAddress({ AssociationId: (await ec2.associateAddress(byInterface)).AssociationId });
});

it('Interfaces get IPv6 addresses of their subnet, by count and by name, and give them back', async () => {
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.7.0.0/16', AmazonProvidedIpv6CidrBlock: true });
  const { Vpcs } = await ec2.describeVpcs({ VpcIds: [there(Vpc?.VpcId)] });
  const block = there(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock).replace('/56', '/64');
  const plan = { VpcId: Vpc?.VpcId, CidrBlock: '10.7.0.0/24', Ipv6CidrBlock: block };
  const { Subnet } = await ec2.createSubnet(plan);
  const own = block.replace('::/64', '::25');
  const { NetworkInterface } = await ec2.createNetworkInterface({
    SubnetId: Subnet?.SubnetId,
    Ipv6Addresses: [{ Ipv6Address: own }],
  });
  const id = there(NetworkInterface?.NetworkInterfaceId);
  const { AssignedIpv6Addresses } = await ec2.assignIpv6Addresses({ NetworkInterfaceId: id, Ipv6AddressCount: 2 });
  expect(AssignedIpv6Addresses).toHaveLength(2);
  await ec2.unassignIpv6Addresses({ NetworkInterfaceId: id, Ipv6Addresses: AssignedIpv6Addresses });
  const { NetworkInterfaces } = await ec2.describeNetworkInterfaces({
    Filters: [{ Name: 'ipv6-addresses.ipv6-address', Values: [own] }],
  });
  expect(NetworkInterfaces).toMatchObject([{ NetworkInterfaceId: id, Ipv6Addresses: [{ Ipv6Address: own }] }]);
  const elsewhere = ec2.assignIpv6Addresses({ NetworkInterfaceId: id, Ipv6Addresses: ['2001:db8::1'] });
  expect(await refusal(elsewhere)).toMatchObject({ code: 'InvalidParameterValue' });
  const without = ec2.assignIpv6Addresses({ NetworkInterfaceId, Ipv6AddressCount: 1 });
  expect(await refusal(without)).toMatchObject({ code: 'InvalidParameterValue' });
});
