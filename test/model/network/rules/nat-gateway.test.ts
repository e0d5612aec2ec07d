/** The rules of docs/network.md by their names there: nat gateway. */
import { describe, expect, test } from 'vitest';
import { walk } from '../../../../src/model/network/walk.ts';
import { withInstance, withNatGateway, withSubnet } from '../build.ts';
import { A, B, beforePeering, change, local, peered, toPeer, withRoutes } from '../two-vpcs.ts';
import { fate, fromHome, ping, records, tcp, toNat } from './words.ts';

describe('NAT gateways', () => {
  const privateSubnet = withSubnet(
    beforePeering,
    'subnet-p',
    A.vpc,
    '10.1.64.0/24',
    local(A.cidr),
    toNat('0.0.0.0/0', 'nat-gw'),
  );
  const nat = withInstance(
    withNatGateway(privateSubnet, 'gw', 'subnet-1', '10.1.0.220', '35.179.1.220'),
    'p',
    'subnet-p',
    '10.1.64.5',
  );
  const out = ping('203.0.113.5', 'eni-p');

  test("G12 AWS's example: four records at the gateway's interface, two at the instance's", () => {
    expect(fate(nat, out)).toBe('answered');
    // VPC User Guide, Flow log record examples: "Traffic through a NAT gateway".
    const seen = walk(nat, out).crossings.map(
      ({ interfaceId, source, destination, packetSource, packetDestination }) =>
        `${interfaceId} ${source} ${destination} ${packetSource} ${packetDestination}`,
    );
    expect(seen.filter((line) => line.startsWith('eni-gw'))).toEqual([
      'eni-gw 10.1.64.5 10.1.0.220 10.1.64.5 203.0.113.5',
      'eni-gw 10.1.0.220 203.0.113.5 10.1.0.220 203.0.113.5',
      'eni-gw 203.0.113.5 10.1.0.220 203.0.113.5 10.1.0.220',
      'eni-gw 10.1.0.220 10.1.64.5 203.0.113.5 10.1.64.5',
    ]);
    expect(seen.filter((line) => line.startsWith('eni-p'))).toEqual([
      'eni-p 10.1.64.5 203.0.113.5 10.1.64.5 203.0.113.5',
      'eni-p 203.0.113.5 10.1.64.5 203.0.113.5 10.1.64.5',
    ]);
  });

  test('G12 the other side sees the address of the NAT gateway', () => {
    const { crossings } = walk(nat, ping(B.publicIp, 'eni-p'));
    expect(crossings.find(({ interfaceId }) => interfaceId === B.eni)?.packetSource).toBe('35.179.1.220');
  });

  test('G12 it takes TCP and UDP as it takes ICMP', () => {
    expect(fate(nat, tcp('203.0.113.5', 443, 'eni-p'))).toBe('answered');
    expect(fate(nat, { ...tcp('203.0.113.5', 53, 'eni-p'), protocol: 'udp' })).toBe('answered');
  });

  test('G12 what nobody inside asked for is dropped, after the record', () => {
    expect(fate(nat, fromHome('35.179.1.220'))).toBe('request: NGW_UNSOLICITED_TRAFFIC at nat-gateway nat-gw');
    expect(records(nat, fromHome('35.179.1.220'))).toEqual(['eni-gw 203.0.113.12 10.1.0.220 ACCEPT']);
    expect(fate(nat, ping('10.1.0.220'))).toBe('request: NGW_UNSOLICITED_TRAFFIC at nat-gateway nat-gw');
  });

  test('G12 its own subnet needs a route to the internet gateway', () => {
    const noWay = withRoutes(nat, 'rtb-1', local(A.cidr));
    expect(fate(noWay, out)).toBe('request: NO_ROUTE_TO_DESTINATION at route-table rtb-1');
  });

  test('G12 it serves its own VPC only', () => {
    let topology = withNatGateway(peered, 'gw', 'subnet-1', '10.1.0.220', '35.179.1.220');
    topology = withInstance(topology, 'box', 'subnet-1', '10.1.0.9', { sourceDestCheck: false });
    const routes = [local(A.cidr), toPeer(B.cidr), toNat('0.0.0.0/0', 'nat-gw')];
    const foreign = withRoutes(topology, 'rtb-1', ...routes);
    const throughBox = withRoutes(foreign, 'rtb-2', local(B.cidr), toPeer(A.cidr), toPeer('0.0.0.0/0'));
    expect(fate(throughBox, ping('8.8.8.8', B.eni))).toBe('request: PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at peering pcx-1');
  });

  test('G12 it carries nothing before it is available', () => {
    expect(fate(change(nat, 'natGateways', 'nat-gw', { state: 'pending' }), out)).toBe(
      'request: BAD_STATE at nat-gateway nat-gw',
    );
  });

  test('G12 a private one translates on the way to a peer, and has no way to the internet', () => {
    let topology = withSubnet(peered, 'subnet-p', A.vpc, '10.1.64.0/24', local(A.cidr), toNat('0.0.0.0/0', 'nat-gw'));
    topology = withInstance(withNatGateway(topology, 'gw', 'subnet-1', '10.1.0.220'), 'p', 'subnet-p', '10.1.64.5');
    expect(fate(topology, ping(B.privateIp, 'eni-p'))).toBe('answered');
    expect(records(topology, ping(B.privateIp, 'eni-p'))).toContain(`eni-2 10.1.0.220 ${B.privateIp} ACCEPT`);
    expect(fate(topology, ping('8.8.8.8', 'eni-p'))).toBe(
      'request: IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at internet-gateway igw-1',
    );
  });

  test('G12 in a subnet whose own default route leads to it, the packet circles', () => {
    const itself = withRoutes(nat, 'rtb-1', local(A.cidr), toNat('0.0.0.0/0', 'nat-gw'));
    expect(fate(itself, out)).toBe('request: FORWARDING_LOOP at nat-gateway nat-gw');
  });

  test('G12 an answer that leaves by it, although the request came in another way, comes from a stranger', () => {
    const asymmetric = change(nat, 'networkInterfaces', 'eni-p', {
      addresses: [{ address: '10.1.64.5', primary: true, publicIp: '35.179.1.5' }],
    });
    expect(fate(asymmetric, fromHome('35.179.1.5'))).toBe(
      'answer: ANSWER_FROM_ANOTHER_ADDRESS at internet 203.0.113.12',
    );
  });
});
