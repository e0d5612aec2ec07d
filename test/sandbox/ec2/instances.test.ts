/** Instances: launches, lives, attributes and what is told of them (EC2 API Reference, each action). */
import type { EC2, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';
import { instanceOf, launch } from './network.ts';

let sandbox: Served;
let ec2: EC2;
beforeEach(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
});
afterEach(() => sandbox.close());

const image = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const some = (count: number, more: Partial<RunInstancesRequest> = {}): RunInstancesRequest => ({
  ImageId: image,
  InstanceType: 't3.micro',
  MinCount: count,
  MaxCount: count,
  ...more,
});

async function running(more: Partial<RunInstancesRequest> = {}) {
  const id = await launch(ec2, more);
  sandbox.pass(15);
  return id;
}

async function stopped() {
  const id = await running();
  await ec2.stopInstances({ InstanceIds: [id] });
  sandbox.pass(20);
  return id;
}

describe('A launch', () => {
  it('of many is one reservation, told together, and made once for a client token', async () => {
    const first = await ec2.runInstances(some(25, { ClientToken: 'once' }));
    const again = await ec2.runInstances(some(25, { ClientToken: 'once' }));
    expect(again.ReservationId).toBe(first.ReservationId);
    const { Reservations } = await ec2.describeInstances();
    expect(Reservations).toMatchObject([{ ReservationId: first.ReservationId, Instances: { length: 25 } }]);
    expect(Reservations?.[0]?.Instances?.[24]).toMatchObject({ AmiLaunchIndex: 24, ClientToken: 'once' });
    const other = ec2.runInstances(some(1, { ClientToken: 'once' }));
    expect(await refusal(other)).toMatchObject({ code: 'IdempotentParameterMismatch' });
  });

  it('goes to the default subnet of the zone that it names, as an m1.small where no type is named', async () => {
    const Placement = { AvailabilityZone: 'us-east-1c' };
    const { Instances } = await ec2.runInstances({ ImageId: image, MinCount: 1, MaxCount: 1, Placement });
    expect(Instances).toMatchObject([{ Placement, InstanceType: 'm1.small', State: { Name: 'pending' } }]);
  });

  it('brings its volumes, which end with it or stay', async () => {
    const id = await running({
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5 } }],
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'test' }] }],
    });
    expect((await instanceOf(ec2, id)).BlockDeviceMappings).toMatchObject([
      { DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, Status: 'attached' } },
      { DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: false } },
    ]);
    const Filters = [{ Name: 'tag:of', Values: ['test'] }];
    expect((await ec2.describeVolumes({ Filters })).Volumes).toHaveLength(2);
    await ec2.terminateInstances({ InstanceIds: [id] });
    sandbox.pass(20);
    const { Volumes } = await ec2.describeVolumes({ Filters });
    expect(Volumes).toMatchObject([{ Size: 5, State: 'available', Attachments: [] }]);
    await ec2.deleteVolume({ VolumeId: Volumes?.[0]?.VolumeId });
    expect((await ec2.describeVolumes()).Volumes).toEqual([]);
  });
});

it.each<readonly [what: string, code: string, more: Partial<RunInstancesRequest>]>([
  ['a type that is none', 'InvalidParameterValue', { InstanceType: 't9.micro' as 't3.micro' }],
  ['a zone of elsewhere', 'InvalidParameterValue', { Placement: { AvailabilityZone: 'eu-west-1a' } }],
  ['an image of another architecture', 'InvalidParameterValue', { InstanceType: 't4g.micro' }],
  ["an image's name for its id", 'InvalidAMIID.Malformed', { ImageId: 'al2023' }],
  ['an unknown key pair', 'InvalidKeyPair.NotFound', { KeyName: 'nobody' }],
  ['a device without a volume', 'MissingParameter', { BlockDeviceMappings: [{ DeviceName: '/dev/sdf' }] }],
  ['a volume without a size', 'MissingParameter', { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: {} }] }],
  ['a launch template', 'InvalidLaunchTemplateId.NotFound', { LaunchTemplate: { LaunchTemplateId: 'lt-0' } }],
  ['fewer than none', 'InvalidParameterValue', { MinCount: 0, MaxCount: 0 }],
  ['more at least than at most', 'InvalidParameterValue', { MinCount: 3, MaxCount: 2 }],
  ['a name and an ARN of a profile', 'InvalidParameterCombination', { IamInstanceProfile: { Name: 'a', Arn: 'b' } }],
])('A launch with %s is refused with %s', async (_what, code, more) => {
  expect(await refusal(ec2.runInstances(some(1, more)))).toMatchObject({ code, status: 400 });
  expect((await ec2.describeInstances()).Reservations).toEqual([]);
  expect((await ec2.describeVolumes()).Volumes).toEqual([]);
});

describe('An instance', () => {
  it('that is protected is neither stopped nor terminated until that is taken away', async () => {
    const InstanceId = await running({ DisableApiTermination: true, DisableApiStop: true });
    const other = await running();
    const InstanceIds = [other, InstanceId];
    const words = { code: 'OperationNotPermitted', message: expect.stringContaining(`'${InstanceId}' may not be`) };
    expect(await refusal(ec2.terminateInstances({ InstanceIds }))).toMatchObject(words);
    expect(await refusal(ec2.stopInstances({ InstanceIds }))).toMatchObject(words);
    expect((await instanceOf(ec2, other)).State?.Name).toBe('running');
    await ec2.modifyInstanceAttribute({ InstanceId, Attribute: 'disableApiTermination', Value: 'false' });
    await ec2.terminateInstances({ InstanceIds });
    sandbox.pass(20);
    expect(await instanceOf(ec2, InstanceId)).toMatchObject({
      State: { Name: 'terminated' },
      StateTransitionReason: 'User initiated (2026-11-23 10:00:30 GMT)',
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
    });
  });

  it('changes its type and its user data only while it is stopped', async () => {
    const InstanceId = await running();
    const changes = [
      { InstanceId, InstanceType: { Value: 't3.small' } },
      { InstanceId, UserData: { Value: Buffer.from('#!/bin/sh') } },
    ];
    for (const change of changes)
      expect(await refusal(ec2.modifyInstanceAttribute(change))).toMatchObject({ code: 'IncorrectInstanceState' });
    await ec2.stopInstances({ InstanceIds: [InstanceId] });
    sandbox.pass(20);
    for (const change of changes) await ec2.modifyInstanceAttribute(change);
    expect((await instanceOf(ec2, InstanceId)).InstanceType).toBe('t3.small');
    const { UserData } = await ec2.describeInstanceAttribute({ InstanceId, Attribute: 'userData' });
    expect(UserData?.Value).toBe(Buffer.from('#!/bin/sh').toString('base64'));
  });

  it('gets an instance profile, another one in its place, and none', async () => {
    for (const InstanceProfileName of ['one', 'two']) await sandbox.iam.createInstanceProfile({ InstanceProfileName });
    const InstanceId = await running();
    const made = await ec2.associateIamInstanceProfile({ InstanceId, IamInstanceProfile: { Name: 'one' } });
    expect(made.IamInstanceProfileAssociation?.State).toBe('associating');
    const again = ec2.associateIamInstanceProfile({ InstanceId, IamInstanceProfile: { Name: 'two' } });
    expect(await refusal(again)).toMatchObject({ code: 'IncorrectState' });
    const { AssociationId = '' } = made.IamInstanceProfileAssociation ?? {};
    await ec2.replaceIamInstanceProfileAssociation({ AssociationId, IamInstanceProfile: { Name: 'two' } });
    sandbox.pass(2);
    const { IamInstanceProfileAssociations } = await ec2.describeIamInstanceProfileAssociations();
    expect(IamInstanceProfileAssociations).toMatchObject([{ InstanceId, State: 'associated' }]);
    expect((await instanceOf(ec2, InstanceId)).IamInstanceProfile?.Arn).toMatch(/\/two$/);
    const gone = ec2.disassociateIamInstanceProfile({ AssociationId });
    expect(await refusal(gone)).toMatchObject({ code: 'InvalidAssociationID.NotFound' });
  });

  it('has options of its own', async () => {
    const InstanceId = await running({ CreditSpecification: { CpuCredits: 'standard' } });
    await ec2.modifyInstanceMetadataOptions({ InstanceId, HttpTokens: 'optional', HttpPutResponseHopLimit: 3 });
    await ec2.monitorInstances({ InstanceIds: [InstanceId] });
    expect(await instanceOf(ec2, InstanceId)).toMatchObject({
      MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 3, HttpEndpoint: 'enabled' },
      Monitoring: { State: 'enabled' },
    });
    const { InstanceCreditSpecifications } = await ec2.describeInstanceCreditSpecifications({
      InstanceIds: [InstanceId],
    });
    expect(InstanceCreditSpecifications).toEqual([{ InstanceId, CpuCredits: 'standard' }]);
    const { Output } = await ec2.getConsoleOutput({ InstanceId });
    expect(Buffer.from(there(Output), 'base64').toString()).toMatch(/ip-172-31-\d+-\d+ login: $/);
  });
});

it.each<readonly [what: string, code: string, call: (id: string) => Promise<unknown>]>([
  [
    'an unknown attribute',
    'InvalidParameterValue',
    (InstanceId) => ec2.describeInstanceAttribute({ InstanceId, Attribute: 'x' as 'kernel' }),
  ],
  ['no attribute', 'InvalidParameterCombination', (InstanceId) => ec2.modifyInstanceAttribute({ InstanceId })],
  [
    'two attributes',
    'InvalidParameterCombination',
    (InstanceId) =>
      ec2.modifyInstanceAttribute({ InstanceId, EbsOptimized: { Value: true }, SourceDestCheck: { Value: false } }),
  ],
  [
    'ids and a page',
    'InvalidParameterCombination',
    (id) => ec2.describeInstances({ InstanceIds: [id], MaxResults: 5 }),
  ],
  ['a page of four', 'InvalidParameterValue', () => ec2.describeInstances({ MaxResults: 4 })],
  ['two unknown ids', 'InvalidInstanceID.NotFound', (id) => ec2.startInstances({ InstanceIds: [id, 'i-1', 'i-2'] })],
  ['a stopped instance to boot again', 'IncorrectState', (id) => ec2.rebootInstances({ InstanceIds: [id] })],
])('A call with %s is refused with %s', async (_what, code, call) => {
  expect(await refusal(call(await stopped()))).toMatchObject({ code, status: 400 });
});

it('Pages hold whole reservations', async () => {
  for (let count = 0; count < 7; count += 1) await ec2.runInstances(some(2));
  const { Reservations, NextToken } = await ec2.describeInstances({ MaxResults: 5 });
  expect(Reservations).toHaveLength(5);
  const rest = await ec2.describeInstances({ MaxResults: 5, NextToken });
  expect(rest).toMatchObject({ Reservations: [{ Instances: { length: 2 } }, {}] });
  expect(rest.NextToken).toBeUndefined();
});

it('Filters find an instance by what it and its interfaces have', async () => {
  const { Instances, ReservationId = '' } = await ec2.runInstances(some(1));
  await ec2.runInstances(some(1));
  const instance = there(Instances?.[0]);
  const [own] = instance.NetworkInterfaces ?? [];
  for (const [Name, value] of [
    ['reservation-id', ReservationId],
    ['network-interface.addresses.private-ip-address', own?.PrivateIpAddress],
    ['network-interface.attachment.attachment-id', own?.Attachment?.AttachmentId],
    ['block-device-mapping.volume-id', instance.BlockDeviceMappings?.[0]?.Ebs?.VolumeId],
    ['private-dns-name', instance.PrivateDnsName],
    ['dns-name', instance.PublicDnsName],
  ] as const) {
    const { Reservations } = await ec2.describeInstances({ Filters: [{ Name, Values: [there(value)] }] });
    expect([Name, Reservations?.map(({ ReservationId: id }) => id)]).toEqual([Name, [ReservationId]]);
  }
});
