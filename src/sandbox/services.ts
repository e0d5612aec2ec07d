/** The services that the sandbox has: protocol, schemas and operations of each. */
import * as logsClient from '@aws-sdk/client-cloudwatch-logs';
import * as ec2Client from '@aws-sdk/client-ec2';
import * as iamClient from '@aws-sdk/client-iam';
import * as ssmClient from '@aws-sdk/client-ssm';
import * as stsClient from '@aws-sdk/client-sts';
import type { Operations } from './service.ts';
import { operations as ec2 } from './services/ec2/index.ts';
import { operations as iam } from './services/iam/index.ts';
import { operations as logs } from './services/logs/index.ts';
import { operations as ssm } from './services/ssm/index.ts';
import { operations as sts } from './services/sts/index.ts';
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

/** By the service's name in the signature's credential scope. */
export const services: Readonly<Record<string, Service>> = {
  ec2: { protocol: ec2Query, client: ec2Client, operations: ec2 },
  iam: {
    protocol: awsQuery('https://iam.amazonaws.com/doc/2010-05-08/', '2010-05-08'),
    client: iamClient,
    operations: iam,
  },
  sts: {
    protocol: awsQuery('https://sts.amazonaws.com/doc/2011-06-15/', '2011-06-15'),
    client: stsClient,
    operations: sts,
  },
  logs: { protocol: awsJson('Logs_20140328', 'InvalidParameterException'), client: logsClient, operations: logs },
  ssm: { protocol: awsJson('AmazonSSM', 'ValidationException'), client: ssmClient, operations: ssm },
};
