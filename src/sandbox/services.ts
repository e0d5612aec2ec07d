/** The services that the sandbox has: protocol, schemas and operations of each. */
import type { Operations } from './service.ts';
import { awsJson } from './wire/aws-json.ts';
import { awsQuery } from './wire/aws-query.ts';
import { ec2Query } from './wire/ec2-query.ts';
import type { Protocol } from './wire/protocol.ts';

export interface Service {
  readonly protocol: Protocol;
  /** The client package's exports, which hold the schemas. */
  readonly client: Readonly<Record<string, unknown>>;
  readonly operations: Operations;
}

/** By the service's name in the signature's credential scope. Loaded when first asked: their schemas are most of the code. */
const loaders: Readonly<Record<string, () => Promise<Service>>> = {
  async ec2() {
    const [client, { operations }] = await Promise.all([
      import('@aws-sdk/client-ec2'),
      import('./services/ec2/index.ts'),
    ]);
    return { protocol: ec2Query, client, operations };
  },
  async iam() {
    const [client, { operations }] = await Promise.all([
      import('@aws-sdk/client-iam'),
      import('./services/iam/index.ts'),
    ]);
    return { protocol: awsQuery('https://iam.amazonaws.com/doc/2010-05-08/', '2010-05-08'), client, operations };
  },
  async sts() {
    const [client, { operations }] = await Promise.all([
      import('@aws-sdk/client-sts'),
      import('./services/sts/index.ts'),
    ]);
    return { protocol: awsQuery('https://sts.amazonaws.com/doc/2011-06-15/', '2011-06-15'), client, operations };
  },
  async logs() {
    const [client, { operations }] = await Promise.all([
      import('@aws-sdk/client-cloudwatch-logs'),
      import('./services/logs/index.ts'),
    ]);
    return { protocol: awsJson('Logs_20140328', 'InvalidParameterException'), client, operations };
  },
  async ssm() {
    const [client, { operations }] = await Promise.all([
      import('@aws-sdk/client-ssm'),
      import('./services/ssm/index.ts'),
    ]);
    return { protocol: awsJson('AmazonSSM', 'ValidationException'), client, operations };
  },
};

export const serviceNames = Object.keys(loaders);

const loaded = new Map<string, Service>();

/** @throws Error for a service that the sandbox does not have. */
export async function loadService(name: string): Promise<Service> {
  const known = loaded.get(name);
  if (known) return known;
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!load) throw new Error(`There is no service ${name}.`);
  const service = await load();
  loaded.set(name, service);
  return service;
}

/** One that was loaded before. */
export function serviceOf(name: string): Service | undefined {
  return loaded.get(name);
}
