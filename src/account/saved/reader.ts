/** An account as saved outputs of the AWS CLI tell of it, read by the very same code as a live one. */
import { FileError } from '../../lib/text-file.ts';
import { type Connection, connect, type ServiceName } from '../connection.ts';
import { CallFailure, NOT_SAVED } from '../errors.ts';
import { readerOn } from '../live.ts';
import type { AccountReader, Target } from '../reader.ts';
import { answersFrom, NO_CLOUD } from './answers.ts';
import { type Output, readFolder, type SavedFolder } from './folder.ts';

export interface SavedAccount {
  readonly reader: AccountReader;
  /** Files of the folder that are none of the outputs that can be imported. */
  readonly ignored: readonly string[];
}

/**
 * @param region Where no output tells it.
 * @throws FileError with the place of what is wrong, or where nothing tells the account or the Region
 */
export async function openSaved(dir: string, region?: string): Promise<SavedAccount> {
  const folder = await readFolder(dir);
  const found = whereabouts(folder);
  const refuse = (code: string, message: string) => new FileError({ code, message, file: dir });
  if (found.regions.length > 1)
    throw refuse('SEVERAL_REGIONS', `These outputs are of several Regions: ${found.regions.join(', ')}.`);
  const [told] = found.regions;
  if (region !== undefined && told !== undefined && told !== region)
    throw refuse('SEVERAL_REGIONS', `These outputs are of ${told}, not of ${region}.`);
  const where = told ?? region;
  if (where === undefined) throw refuse('NO_REGION', 'No output tells the Region. Add --region.');
  if (found.accounts.length > 1)
    throw refuse('SEVERAL_ACCOUNTS', `These outputs are of several accounts: ${found.accounts.join(', ')}.`);
  const [account] = found.accounts;
  if (account === undefined)
    throw refuse(
      'NO_ACCOUNT',
      'No output tells the account. Add get-caller-identity.json: aws sts get-caller-identity > get-caller-identity.json',
    );
  const target: Target = { kind: 'aws', region: where, credentials: { accessKeyId: 'none', secretAccessKey: 'none' } };
  const identity = { Account: account, Arn: `arn:${found.partition}:iam::${account}:root` };
  return { reader: readerOn(connectTo(folder, target, identity), target), ignored: folder.ignored };
}

type Handler = (args: { input: Output }) => Promise<unknown>;
/** The part of every client's middleware stack that is needed here. */
interface Stack {
  add(
    middleware: (next: Handler, context: { commandName?: string }) => Handler,
    options: { step: 'initialize'; name: string; priority: 'low' },
  ): void;
}

/** The SDK's own clients, with an end before anything would be signed or sent. */
function connectTo(folder: SavedFolder, target: Target, identity: Output): Connection {
  const connection = connect(target);
  const answers = answersFrom(folder);
  const ended = new WeakSet<object>();
  return {
    ...connection,
    async client<S extends ServiceName>(service: S) {
      const client = await connection.client(service);
      if (!ended.has(client)) {
        ended.add(client);
        // Each client types its stack by its own inputs; this middleware looks at all alike.
        (client.middlewareStack as unknown as Stack).add(
          (_, { commandName = '' }) =>
            async ({ input }) => {
              const operation = commandName.replace(/Command$/, '');
              const output = operation === 'GetCallerIdentity' ? identity : answers(operation, input);
              return { output: { ...output, $metadata: {} } };
            },
          { step: 'initialize', name: 'labproofSaved', priority: 'low' },
        );
      }
      return client;
    },
    in: () => {
      throw new CallFailure('ec2:DescribeRegions', Object.assign(new Error(NO_CLOUD), { code: NOT_SAVED }));
    },
    now: () => folder.savedAt,
  };
}

interface Whereabouts {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly partition: string;
}

const items = (folder: SavedFolder, operation: string): readonly Output[] =>
  folder.outputs
    .filter(({ saved }) => saved.operation === operation)
    .flatMap(({ output, saved }) => (output?.[saved.holds] ?? []) as readonly Output[]);

/** By what is always an account's own and of its Region: zones, ARNs; owners only where nothing else tells the account. */
function whereabouts(folder: SavedFolder): Whereabouts {
  const arns = [
    ...items(folder, 'DescribeLogGroups').map(({ arn }) => arn),
    ...items(folder, 'ListRoles').map(({ Arn }) => Arn),
    ...folder.outputs.filter(({ saved }) => saved.service === 'sts').map(({ output }) => output?.Arn),
  ].map((arn) => String(arn ?? '').split(':'));
  const zones = [
    ...items(folder, 'DescribeSubnets').map(({ AvailabilityZone }) => AvailabilityZone),
    ...items(folder, 'DescribeNetworkInterfaces').map(({ AvailabilityZone }) => AvailabilityZone),
  ];
  // `us-east-1a`, and the local zone `us-west-2-lax-1a`.
  const ofZones = zones.map((zone) => /^[a-z]+(?:-[a-z]+)+-\d+/.exec(String(zone ?? ''))?.[0]);
  const owners = ['DescribeInternetGateways', 'DescribeSecurityGroups', 'DescribeVpcs'].map((operation) =>
    unique(items(folder, operation).map(({ OwnerId }) => OwnerId)),
  );
  const accounts = unique(arns.map(([, , , , account]) => account));
  return {
    accounts: accounts.length > 0 ? accounts : (owners.find(({ length }) => length > 0) ?? []),
    regions: unique([...ofZones, ...arns.map(([, , , region]) => region)]),
    partition: unique(arns.map(([, partition]) => partition))[0] ?? 'aws',
  };
}

function unique(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => typeof value === 'string' && value !== ''))] as readonly string[];
}
