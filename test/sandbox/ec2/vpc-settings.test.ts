/** What a VPC has besides its routes: DHCP options, DNS attributes, IPv6, the default VPC (VPC User Guide). */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
let ec2: EC2;
let VpcId: string;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
  VpcId = there((await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId);
});
afterEach(() => sandbox.close());

const vpc = async () => there((await ec2.describeVpcs({ VpcIds: [VpcId] })).Vpcs?.[0]);

describe('DHCP options', () => {
  it('are the default ones of the Region until others are associated, or none', async () => {
    const { DhcpOptions: [byDefault] = [] } = await ec2.describeDhcpOptions();
    expect(byDefault?.DhcpConfigurations).toEqual([
      { Key: 'domain-name', Values: [{ Value: 'ec2.internal' }] },
      { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
    ]);
    expect((await vpc()).DhcpOptionsId).toBe(byDefault?.DhcpOptionsId);
    const { DhcpOptions } = await ec2.createDhcpOptions({
      DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.1.0.9'] }],
    });
    const DhcpOptionsId = there(DhcpOptions?.DhcpOptionsId);
    await ec2.associateDhcpOptions({ VpcId, DhcpOptionsId });
    expect((await vpc()).DhcpOptionsId).toBe(DhcpOptionsId);
    expect(await refusal(ec2.deleteDhcpOptions({ DhcpOptionsId }))).toMatchObject({ code: 'DependencyViolation' });
    await ec2.associateDhcpOptions({ VpcId, DhcpOptionsId: 'default' });
    await ec2.deleteDhcpOptions({ DhcpOptionsId });
    const gone = ec2.describeDhcpOptions({ DhcpOptionsIds: [DhcpOptionsId] });
    expect(await refusal(gone)).toMatchObject({ code: 'InvalidDhcpOptionID.NotFound' });
  });

  it.each([
    ['an option that is none', { Key: 'colour', Values: ['red'] }],
    [
      'five name servers',
      { Key: 'domain-name-servers', Values: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5'] },
    ],
    ['a node type that is none', { Key: 'netbios-node-type', Values: ['3'] }],
  ])('are refused with %s', async (_what, configuration) => {
    const call = ec2.createDhcpOptions({ DhcpConfigurations: [configuration] });
    expect(await refusal(call)).toMatchObject({ code: 'InvalidParameterValue' });
  });
});

describe('Attributes', () => {
  it('of a VPC are changed one a call', async () => {
    const ask = async () => {
      const answer = await ec2.describeVpcAttribute({ VpcId, Attribute: 'enableDnsHostnames' });
      return answer.EnableDnsHostnames?.Value;
    };
    expect(await ask()).toBe(false);
    await ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
    expect(await ask()).toBe(true);
    const two = ec2.modifyVpcAttribute({
      VpcId,
      EnableDnsHostnames: { Value: true },
      EnableDnsSupport: { Value: true },
    });
    expect(await refusal(two)).toMatchObject({ code: 'InvalidParameterCombination' });
  });

  it('of a subnet are changed one a call, and IPv6 addresses need an IPv6 block', async () => {
    const SubnetId = there((await ec2.createSubnet({ VpcId, CidrBlock: '10.1.1.0/24' })).Subnet?.SubnetId);
    const change = { SubnetId, AssignIpv6AddressOnCreation: { Value: true } };
    expect(await refusal(ec2.modifySubnetAttribute(change))).toMatchObject({ code: 'InvalidParameterValue' });
    await ec2.associateVpcCidrBlock({ VpcId, AmazonProvidedIpv6CidrBlock: true });
    const block = there((await vpc()).Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
    await ec2.associateSubnetCidrBlock({ SubnetId, Ipv6CidrBlock: block.replace('/56', '/64') });
    await ec2.modifySubnetAttribute(change);
    await ec2.modifySubnetAttribute({ SubnetId, EnableDns64: { Value: true } });
    const { Subnets } = await ec2.describeSubnets({ SubnetIds: [SubnetId] });
    expect(Subnets?.[0]).toMatchObject({ AssignIpv6AddressOnCreation: true, EnableDns64: true });
  });
});

describe('An IPv6 block', () => {
  it('brings local routes and rules of the network ACLs, and goes when no subnet uses it', async () => {
    const { Ipv6CidrBlockAssociation } = await ec2.associateVpcCidrBlock({ VpcId, AmazonProvidedIpv6CidrBlock: true });
    const { Ipv6CidrBlock = '', AssociationId } = there(Ipv6CidrBlockAssociation);
    expect(Ipv6CidrBlock).toMatch(/::\/56$/);
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    const { RouteTables } = await ec2.describeRouteTables({ Filters });
    expect(RouteTables?.[0]?.Routes).toContainEqual(
      expect.objectContaining({ DestinationIpv6CidrBlock: Ipv6CidrBlock, GatewayId: 'local' }),
    );
    const { NetworkAcls } = await ec2.describeNetworkAcls({ Filters });
    expect(NetworkAcls?.[0]?.Entries).toContainEqual(
      expect.objectContaining({ Ipv6CidrBlock: '::/0', RuleNumber: 101, RuleAction: 'allow' }),
    );
    const plan = { VpcId, CidrBlock: '10.1.1.0/24', Ipv6CidrBlock: Ipv6CidrBlock.replace('/56', '/64') };
    const SubnetId = there((await ec2.createSubnet(plan)).Subnet?.SubnetId);
    const outside = ec2.createSubnet({ VpcId, CidrBlock: '10.1.2.0/24', Ipv6CidrBlock: '2001:db8::/64' });
    expect(await refusal(outside)).toMatchObject({ code: 'InvalidSubnet.Range' });
    const used = ec2.disassociateVpcCidrBlock({ AssociationId });
    expect(await refusal(used)).toMatchObject({ code: 'InvalidCidrBlock.InUse' });
    await ec2.deleteSubnet({ SubnetId });
    await ec2.disassociateVpcCidrBlock({ AssociationId });
    expect((await vpc()).Ipv6CidrBlockAssociationSet ?? []).toEqual([]);
  });

  it('leads out through an egress-only gateway, which takes IPv6 only', async () => {
    await ec2.associateVpcCidrBlock({ VpcId, AmazonProvidedIpv6CidrBlock: true });
    const { EgressOnlyInternetGateway } = await ec2.createEgressOnlyInternetGateway({ VpcId });
    const EgressOnlyInternetGatewayId = there(EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
    const RouteTableId = there((await ec2.createRouteTable({ VpcId })).RouteTable?.RouteTableId);
    await ec2.createRoute({ RouteTableId, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId });
    const stateOf = async () => {
      const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [RouteTableId] });
      return RouteTables?.[0]?.Routes?.find(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock === '::/0')
        ?.State;
    };
    expect(await stateOf()).toBe('active');
    const four = ec2.createRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', EgressOnlyInternetGatewayId });
    expect(await refusal(four)).toMatchObject({ code: 'InvalidParameterCombination' });
    await ec2.deleteEgressOnlyInternetGateway({ EgressOnlyInternetGatewayId });
    expect(await stateOf()).toBe('blackhole');
  });
});

describe('The default VPC', () => {
  it('and its subnets are made anew once they are deleted, and not before', async () => {
    expect(await refusal(ec2.createDefaultVpc({}))).toMatchObject({ code: 'DefaultVpcAlreadyExists' });
    const Filters = [{ Name: 'default-for-az', Values: ['true'] }];
    const { Subnets = [] } = await ec2.describeSubnets({ Filters });
    const [first] = Subnets;
    const again = ec2.createDefaultSubnet({ AvailabilityZone: first?.AvailabilityZone });
    expect(await refusal(again)).toMatchObject({ code: 'DefaultSubnetAlreadyExistsInAvailabilityZone' });
    for (const { SubnetId } of Subnets) await ec2.deleteSubnet({ SubnetId });
    const { Subnet } = await ec2.createDefaultSubnet({ AvailabilityZone: 'us-east-1c' });
    expect(Subnet).toMatchObject({ CidrBlock: '172.31.0.0/20', DefaultForAz: true, MapPublicIpOnLaunch: true });
    await ec2.deleteSubnet({ SubnetId: Subnet?.SubnetId });
    const { InternetGateways = [] } = await ec2.describeInternetGateways();
    const old = there(first?.VpcId);
    for (const { InternetGatewayId } of InternetGateways) {
      await ec2.detachInternetGateway({ InternetGatewayId, VpcId: old });
      await ec2.deleteInternetGateway({ InternetGatewayId });
    }
    await ec2.deleteVpc({ VpcId: old });
    const none = ec2.createDefaultSubnet({ AvailabilityZone: 'us-east-1c' });
    expect(await refusal(none)).toMatchObject({ code: 'DefaultVpcDoesNotExist' });
    const { Vpc } = await ec2.createDefaultVpc({});
    expect(Vpc).toMatchObject({ IsDefault: true, CidrBlock: '172.31.0.0/16' });
    expect((await ec2.describeSubnets({ Filters })).Subnets).toHaveLength(Subnets.length);
  });
});
