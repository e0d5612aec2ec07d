/** The calls of a reference solution, sent by name over real HTTP. */
import { afterEach, describe, expect, test } from 'vitest';
import { CallError } from '../../src/account/reader.ts';
import { openSender } from '../../src/account/sender.ts';
import { ec2Error, ec2Page, json, jsonError, queryError, type Recorded, replay } from './stub.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function sender(answers: Readonly<Record<string, readonly Recorded[]>>) {
  const stub = await replay(answers);
  const made = openSender(stub.target);
  closing.push(() => made.close(), stub.close);
  return { stub, send: made.send };
}

async function refusal(sending: Promise<unknown>): Promise<CallError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallError)) throw new Error(`no CallError but ${String(error)}`);
  return error;
}

test('a call is sent as AWS wants it, and answers with what AWS says', async () => {
  const { stub, send } = await sender({ CreateVpc: [ec2Page('CreateVpc', '<vpc><vpcId>vpc-1</vpcId></vpc>')] });
  const tags = [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'NextWork-1-vpc' }] }];
  const output = await send('ec2:CreateVpc', { CidrBlock: '10.1.0.0/16', TagSpecifications: tags });
  expect(output).toMatchObject({ Vpc: { VpcId: 'vpc-1' } });
  expect(stub.asked[0]?.input).toMatchObject({
    CidrBlock: '10.1.0.0/16',
    'TagSpecification.1.ResourceType': 'vpc',
    'TagSpecification.1.Tag.1.Value': 'NextWork-1-vpc',
  });
});

test('user data in plain text is sent in base64, as the AWS CLI sends it', async () => {
  const { stub, send } = await sender({
    RunInstances: [ec2Page('RunInstances', '<reservationId>r-1</reservationId>')],
  });
  await send('ec2:RunInstances', { MinCount: 1, MaxCount: 1, UserData: '#!/bin/bash\nping -c 5 10.2.0.10\n' });
  // By base64 of GNU coreutils.
  expect(stub.asked[0]?.input).toMatchObject({ UserData: 'IyEvYmluL2Jhc2gKcGluZyAtYyA1IDEwLjIuMC4xMAo=' });
});

describe("AWS's refusals keep their code and their words", () => {
  test.each([
    [
      'ec2:CreateVpc',
      ec2Error(400, 'InvalidVpc.Range', "The CIDR '10.1.0.0/8' is invalid."),
      'InvalidVpc.Range',
      "The CIDR '10.1.0.0/8' is invalid.",
    ],
    [
      'ec2:RunInstances',
      ec2Error(400, 'UnsupportedOperation', 'Not in this zone.'),
      'UnsupportedOperation',
      'Not in this zone.',
    ],
    // The SDK calls these exceptions EntityAlreadyExistsException and LimitExceededException; on the wire they are shorter.
    [
      'iam:CreateRole',
      queryError(409, 'EntityAlreadyExists', 'Role x already exists.'),
      'EntityAlreadyExists',
      'Role x already exists.',
    ],
    [
      'iam:AddRoleToInstanceProfile',
      queryError(409, 'LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1'),
      'LimitExceeded',
      'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
    ],
    [
      'logs:CreateLogGroup',
      jsonError(400, 'ResourceAlreadyExistsException', 'The specified log group already exists'),
      'ResourceAlreadyExistsException',
      'The specified log group already exists',
    ],
  ])('%s', async (call, answer, code, message) => {
    const { send } = await sender({ [call.split(':')[1] ?? '']: [answer] });
    const error = await refusal(send(call, {}));
    expect({ call: error.call, code: error.code, message: error.message }).toEqual({ call, code, message });
  });

  test('a missing permission is named', async () => {
    const { send } = await sender({
      CreateVpc: [ec2Error(403, 'UnauthorizedOperation', 'Encoded authorization failure message: xyz')],
    });
    const error = await refusal(send('ec2:CreateVpc', { CidrBlock: '10.1.0.0/16' }));
    expect(error.message).toContain('Allow ec2:CreateVpc');
    expect(error.message).not.toContain('xyz');
  });
});

test.each([
  'ec2:NoSuchCall',
  's3:ListBuckets',
  'ec2',
  '',
  'constructor:name',
  'ec2:__proto__',
])('there is no call %j, and nothing is sent', async (call) => {
  const { stub, send } = await sender({});
  expect(await refusal(send(call, {}))).toMatchObject({ code: 'UnknownCall', call });
  expect(stub.asked).toEqual([]);
});

test('a cloud that is not there is named', async () => {
  const { stub, send } = await sender({});
  await stub.close();
  const error = await refusal(send('ec2:DescribeVpcs', {}));
  expect(error.code).toBe('ECONNREFUSED');
  expect(error.message).toContain(stub.target.endpointUrl);
});

test('a call that is stopped ends at once, as the signal says', async () => {
  const { stub, send } = await sender({ StartQuery: [{ fault: 'never' }] });
  const stop = new AbortController();
  const sending = send('logs:StartQuery', { queryString: 'x', startTime: 0, endTime: 1 }, stop.signal);
  await expect.poll(() => stub.asked.length).toBe(1);
  stop.abort();
  await expect(sending).rejects.toThrow(/abort/);
});

test('a throttled call is tried again', async () => {
  const { stub, send } = await sender({
    StartQuery: [jsonError(400, 'LimitExceededException', ''), json({ queryId: 'q' })],
  });
  expect(await send('logs:StartQuery', { queryString: 'x', startTime: 0, endTime: 1 })).toMatchObject({ queryId: 'q' });
  expect(stub.asked.length).toBe(2);
});
