/** What one call needs beyond the action of its own name (Service Authorization Reference; Systems Manager User Guide, "Native parameter support for AMI IDs"). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientsOf, refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
beforeEach(async () => {
  sandbox = await serve({ enforceIam: true });
});
afterEach(() => sandbox.close());

const HOME = '123456789012';

/** A user who may do what these actions are on these resources. */
async function user(...statements: readonly (readonly [action: string, resource: string])[]) {
  const UserName = 'ada';
  const Statement = statements.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await sandbox.iam.createUser({ UserName });
  await sandbox.iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument });
  const { AccessKey } = await sandbox.iam.createAccessKey({ UserName });
  return clientsOf(sandbox.url, there(AccessKey?.AccessKeyId)).ec2;
}

const parameter = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const launch = { ImageId: `resolve:ssm:${parameter}`, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;

test('an image that a parameter names is looked up with the caller’s permissions', async () => {
  const ec2 = await user(['ec2:RunInstances', '*']);
  expect((await refusal(ec2.runInstances(launch))).message).toContain(
    `ssm:GetParameters on resource: arn:aws:ssm:us-east-1::parameter${parameter}`,
  );
});

test('the image itself is asked for by its id', async () => {
  const ec2 = await user(
    ['ssm:GetParameters', `arn:aws:ssm:*::parameter${parameter}`],
    ['ec2:RunInstances', `arn:aws:ec2:*:${HOME}:*`],
  );
  expect((await refusal(ec2.runInstances(launch))).message).toMatch(
    /ec2:RunInstances on resource: arn:aws:ec2:us-east-1::image\/ami-[0-9a-f]+ /,
  );
});

test('a peering connection is accepted on itself and on the VPC that was asked', async () => {
  const vpcs = await Promise.all(
    ['10.1.0.0/16', '10.2.0.0/16'].map((CidrBlock) => sandbox.ec2.createVpc({ CidrBlock })),
  );
  const [VpcId, PeerVpcId] = vpcs.map(({ Vpc }) => there(Vpc?.VpcId));
  const { VpcPeeringConnection: made } = await sandbox.ec2.createVpcPeeringConnection({ VpcId, PeerVpcId });
  const VpcPeeringConnectionId = there(made?.VpcPeeringConnectionId);
  const ec2 = await user(['ec2:AcceptVpcPeeringConnection', `arn:aws:ec2:*:${HOME}:vpc-peering-connection/*`]);
  expect((await refusal(ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId }))).message).toContain(
    `ec2:AcceptVpcPeeringConnection on resource: arn:aws:ec2:us-east-1:${HOME}:vpc/${PeerVpcId} `,
  );
});
