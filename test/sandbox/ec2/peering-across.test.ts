/** Peering with VPCs of other accounts and Regions (VPC Peering Guide; words: seen in AWS's answers). */
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientsOf, refusal, type Served, serve, there } from '../clients.ts';

const ONE = '111111111111';
const OTHER = '222222222222';

let sandbox: Served;
beforeEach(async () => {
  sandbox = await serve();
});
afterEach(() => sandbox.close());

const clientFor = (account: string, region = 'us-east-1') => clientsOf(sandbox.url, account, region).ec2;

async function vpcIn(ec2: EC2, CidrBlock: string): Promise<string> {
  return there((await ec2.createVpc({ CidrBlock })).Vpc?.VpcId);
}

async function statusIn(ec2: EC2, id: string): Promise<string | undefined> {
  const { VpcPeeringConnections } = await ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [id] });
  return VpcPeeringConnections?.[0]?.Status?.Code;
}

/** A request from account ONE in us-east-1. */
async function request(peer: { account: string; region: string; cidr?: string }) {
  const [near, far] = [clientFor(ONE), clientFor(peer.account, peer.region)];
  const PeerVpcId = await vpcIn(far, peer.cidr ?? '10.2.0.0/16');
  const { VpcPeeringConnection } = await near.createVpcPeeringConnection({
    VpcId: await vpcIn(near, '10.1.0.0/16'),
    PeerVpcId,
    PeerOwnerId: peer.account,
    PeerRegion: peer.region,
  });
  expect(VpcPeeringConnection?.Status).toEqual({
    Code: 'initiating-request',
    Message: `Initiating Request to ${peer.account}`,
  });
  return { near, far, PeerVpcId, id: there(VpcPeeringConnection?.VpcPeeringConnectionId) };
}

describe('A peering request', () => {
  it.each([
    ['to another account', { account: OTHER, region: 'us-east-1' }],
    ['to another Region', { account: ONE, region: 'eu-west-1' }],
    ['to another account and Region', { account: OTHER, region: 'ap-northeast-1' }],
  ])('%s is seen, accepted and deleted there, and both sides tell the same', async (_what, peer) => {
    const { near, far, PeerVpcId, id } = await request(peer);
    expect([await statusIn(near, id), await statusIn(far, id)]).toEqual(['pending-acceptance', 'pending-acceptance']);
    await far.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    sandbox.pass(5);
    const [seenNear, seenFar] = await Promise.all(
      [near, far].map(async (ec2) => (await ec2.describeVpcPeeringConnections()).VpcPeeringConnections?.[0]),
    );
    expect(seenNear).toEqual(seenFar);
    expect(seenNear).toMatchObject({
      Status: { Code: 'active' },
      RequesterVpcInfo: { OwnerId: ONE, Region: 'us-east-1', CidrBlock: '10.1.0.0/16' },
      AccepterVpcInfo: { OwnerId: peer.account, Region: peer.region, VpcId: PeerVpcId, CidrBlock: '10.2.0.0/16' },
    });
    await far.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect([await statusIn(near, id), await statusIn(far, id)]).toEqual(['deleted', 'deleted']);
  });

  it('makes a route there a blackhole when the requester deletes the connection', async () => {
    const { near, far, PeerVpcId, id } = await request({ account: OTHER, region: 'us-east-1' });
    await far.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    sandbox.pass(5);
    const RouteTableId = there((await far.createRouteTable({ VpcId: PeerVpcId })).RouteTable?.RouteTableId);
    await far.createRoute({ RouteTableId, DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId: id });
    const stateOf = async () => {
      const { RouteTables } = await far.describeRouteTables({ RouteTableIds: [RouteTableId] });
      return RouteTables?.[0]?.Routes?.find((route) => route.VpcPeeringConnectionId === id)?.State;
    };
    expect(await stateOf()).toBe('active');
    await near.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await stateOf()).toBe('blackhole');
  });

  it.each([
    ['overlaps', '10.1.0.0/20', undefined],
    ['names a VPC that is not there', '10.2.0.0/16', 'vpc-0123456789abcdef0'],
  ])('that %s fails, and only the requester sees it', async (_what, cidr, wrongId) => {
    const [near, far] = [clientFor(ONE), clientFor(OTHER)];
    const madeThere = await vpcIn(far, cidr);
    const PeerVpcId = wrongId ?? madeThere;
    const asked = { VpcId: await vpcIn(near, '10.1.0.0/16'), PeerVpcId, PeerOwnerId: OTHER };
    const { VpcPeeringConnection } = await near.createVpcPeeringConnection(asked);
    expect(await statusIn(near, there(VpcPeeringConnection?.VpcPeeringConnectionId))).toBe('failed');
    expect((await far.describeVpcPeeringConnections()).VpcPeeringConnections).toEqual([]);
  });

  it('keeps the tags of its requester from the other account', async () => {
    const { near, far, id } = await request({ account: OTHER, region: 'us-east-1' });
    await near.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'mine' }] });
    const { VpcPeeringConnections } = await far.describeVpcPeeringConnections();
    expect(VpcPeeringConnections?.[0]?.Tags ?? []).toEqual([]);
  });

  it('that is only tried with DryRun is not made in the other account', async () => {
    const [near, far] = [clientFor(ONE), clientFor(OTHER)];
    const PeerVpcId = await vpcIn(far, '10.2.0.0/16');
    const asked = { VpcId: await vpcIn(near, '10.1.0.0/16'), PeerVpcId, PeerOwnerId: OTHER, DryRun: true };
    expect(await refusal(near.createVpcPeeringConnection(asked))).toMatchObject({ code: 'DryRunOperation' });
    expect((await far.describeVpcPeeringConnections()).VpcPeeringConnections).toEqual([]);
  });
});

describe('What is the other side’s to say', () => {
  it('is refused to this side', async () => {
    const { near, far, id } = await request({ account: OTHER, region: 'us-east-1' });
    const VpcPeeringConnectionId = id;
    const code = 'OperationNotPermitted';
    expect(await refusal(near.acceptVpcPeeringConnection({ VpcPeeringConnectionId }))).toMatchObject({
      code,
      message: `User ${ONE} cannot accept peering ${id}`,
    });
    expect(await refusal(near.rejectVpcPeeringConnection({ VpcPeeringConnectionId }))).toMatchObject({ code });
    await far.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
    sandbox.pass(5);
    const AccepterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
    const change = { VpcPeeringConnectionId, AccepterPeeringConnectionOptions };
    expect(await refusal(near.modifyVpcPeeringConnectionOptions(change))).toMatchObject({
      code,
      message: `User ${ONE} does not have permission to modify the accepter side peering options`,
    });
    const answer = await far.modifyVpcPeeringConnectionOptions(change);
    expect(answer.AccepterPeeringConnectionOptions).toMatchObject(AccepterPeeringConnectionOptions);
    const { VpcPeeringConnections } = await near.describeVpcPeeringConnections();
    expect(VpcPeeringConnections?.[0]?.AccepterVpcInfo?.PeeringOptions).toMatchObject(AccepterPeeringConnectionOptions);
  });

  it('is refused in another Region than its own', async () => {
    const { near, id } = await request({ account: ONE, region: 'eu-west-1' });
    expect(await refusal(near.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id }))).toMatchObject({
      code: 'OperationNotPermitted',
      message: `Incorrect region (us-east-1) specified for this request. VPC peering connection ${id} must be accepted in region eu-west-1`,
    });
  });
});

it('A request can still be accepted after a while however fast the clock runs', async () => {
  const fast = await serve({ timeScale: 1e9 });
  try {
    const [VpcId, PeerVpcId] = [await vpcIn(fast.ec2, '10.1.0.0/16'), await vpcIn(fast.ec2, '10.2.0.0/16')];
    const { VpcPeeringConnection } = await fast.ec2.createVpcPeeringConnection({ VpcId, PeerVpcId });
    fast.pass(60);
    const { VpcPeeringConnectionId } = there(VpcPeeringConnection);
    await fast.ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
    fast.pass(1);
    expect(await statusIn(fast.ec2, there(VpcPeeringConnectionId))).toBe('active');
  } finally {
    await fast.close();
  }
});
