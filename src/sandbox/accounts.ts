/** New worlds, accounts and regions, as AWS hands them out. */
import { awsPrefixLists } from './services/ec2/aws-prefix-lists.ts';
import { defaultVpc } from './services/ec2/default-vpc.ts';
import type { AccountState, Ec2State, RegionState, WorldState } from './world.ts';

const DEFAULT_ACCOUNT = '123456789012';

export function newWorld(seed: number, now: number): WorldState {
  return { version: 2, now, seed, draws: 0, accounts: {}, credentials: {} };
}

/** The account of an access key: of whom it was issued to, else the key itself where it is a 12-digit account id, else one for all. */
export function accountIdOf(world: WorldState, accessKeyId: string): string {
  const issued = Object.hasOwn(world.credentials, accessKeyId) ? world.credentials[accessKeyId] : undefined;
  if (issued) return issued.accountId;
  return /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
}

export function accountOf(world: WorldState, accessKeyId: string): AccountState {
  const id = accountIdOf(world, accessKeyId);
  world.accounts[id] ??= {
    id,
    iam: { roles: [], policies: [], instanceProfiles: [], users: [], groups: [] },
    regions: {},
  };
  return world.accounts[id];
}

/** The region of an account; one that nobody looked at before gets its default VPC. */
export function regionOf(account: AccountState, name: string, now: number, random: () => number): RegionState {
  account.regions[name] ??= newRegion(account.id, name, now, random);
  return account.regions[name];
}

function newRegion(accountId: string, name: string, now: number, random: () => number): RegionState {
  const ec2: Ec2State = {
    vpcs: [],
    vpcAttributes: {},
    subnets: [],
    routeTables: [],
    internetGateways: [],
    natGateways: [],
    egressOnlyInternetGateways: [],
    vpcEndpoints: [],
    dhcpOptions: [],
    prefixLists: awsPrefixLists(name),
    networkAcls: [],
    securityGroups: [],
    networkInterfaces: [],
    instances: [],
    peeringConnections: [],
    addresses: [],
    keyPairs: [],
    flowLogs: [],
    iamProfileAssociations: [],
    clientTokens: {},
    since: {},
  };
  defaultVpc(ec2, { accountId, regionName: name, random });
  return {
    ec2,
    logGroups: [],
    queries: [],
    commands: [],
    documents: [],
    parameters: [],
    traffic: { flows: {}, scannedUntil: now, aggregatedUntil: {}, pending: [], sessions: {} },
  };
}
