/** The account, read live: each slice and each question once, however often it is asked for. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { CloudIdentity } from '../check.ts';
import type { Answers, AnswerTo, Question, QuestionKind, Reading, SliceName, Slices } from '../model/account.ts';
import { type Connection, type ConnectionOptions, connect } from './connection.ts';
import {
  readFlowLogs,
  readInstances,
  readInternetGateways,
  readNatGateways,
  readNetworkAcls,
  readNetworkInterfaces,
  readPeeringConnections,
  readPrefixLists,
  readRouteTables,
  readSecurityGroups,
  readSubnets,
  readVpcs,
} from './ec2.ts';
import { askElsewhere } from './elsewhere.ts';
import { CallFailure, unreadOf } from './errors.ts';
import { askRole, readRoles } from './iam.ts';
import { askLogEvents, askLogStreams, askQueries, readLogGroups } from './logs.ts';
import type { AccountReader, Target } from './reader.ts';
import { askPing, askPings, readManagedInstances } from './ssm.ts';

const slices: { readonly [N in SliceName]: (connection: Connection) => Promise<Slices[N]> } = {
  vpcs: readVpcs,
  subnets: readSubnets,
  routeTables: readRouteTables,
  internetGateways: readInternetGateways,
  natGateways: readNatGateways,
  prefixLists: readPrefixLists,
  networkAcls: readNetworkAcls,
  securityGroups: readSecurityGroups,
  networkInterfaces: readNetworkInterfaces,
  instances: readInstances,
  peeringConnections: readPeeringConnections,
  flowLogs: readFlowLogs,
  logGroups: readLogGroups,
  roles: readRoles,
  managedInstances: readManagedInstances,
};

function answer(connection: Connection, question: Question): Promise<Answers[QuestionKind]> {
  switch (question.kind) {
    case 'role':
      return askRole(connection, question.arn);
    case 'ping':
      return askPing(connection, question.instanceId, question.address);
    case 'pings':
      return askPings(connection, question.instanceId);
    case 'logStreams':
      return askLogStreams(connection, question.logGroup);
    case 'logEvents':
      return askLogEvents(connection, question.logGroup, question.anyOf);
    case 'queries':
      return askQueries(connection, question.logGroup);
    case 'elsewhere':
      return askElsewhere(connection, question.what);
  }
}

/** Nothing is sent before the first question. Every answer is a reading: it never rejects. */
export function openAccount(target: Target, options: ConnectionOptions = {}): AccountReader {
  return readerOn(connect(target, options), target);
}

/** The same on a connection of another kind. */
export function readerOn(connection: Connection, target: Target): AccountReader {
  const remembered = new Map<string, Promise<Reading<unknown>>>();
  // What is remembered under a key was read by that key, so it has that type.
  function once<T>(key: string, read: () => Promise<T>): Promise<Reading<T>> {
    const known = remembered.get(key) ?? attempt(read, target);
    remembered.set(key, known);
    return known as Promise<Reading<T>>;
  }
  return {
    identity: () => once('identity', () => identityOf(connection, target)),
    read: <N extends SliceName>(name: N) => once<Slices[N]>(`slice ${name}`, () => slices[name](connection)),
    ask: <Q extends Question>(question: Q) =>
      once(JSON.stringify(question), () => answer(connection, question) as Promise<AnswerTo<Q>>),
    now: () => connection.now(),
    calls: () => connection.calls(),
    close: () => connection.close(),
  };
}

async function attempt<T>(read: () => Promise<T>, target: Target): Promise<Reading<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    return { ok: false, unread: unreadOf(error, target.endpointUrl) };
  }
}

async function identityOf({ client }: Connection, { kind }: Target): Promise<CloudIdentity> {
  const sts = await client('sts');
  const [{ Account = '', Arn = '' }, region] = await Promise.all([
    sts.send(new GetCallerIdentityCommand({})),
    sts.config.region(),
  ]);
  // Any web server answers something. What does not know who we are would read as an account with nothing in it.
  if (Account === '') throw new CallFailure('sts:GetCallerIdentity', new Error('the answer names no AWS account'));
  return { kind, account: Account, region, partition: Arn.split(':')[1] || 'aws' };
}
