/** Documents through the real client, and what becomes of one when it is sent to an instance. */
import * as ssm from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { operations } from '../../../src/sandbox/services/ssm/index.ts';
import { refusal, type Served, serve } from '../clients.ts';
import { type LabWorld, labWorld } from '../lab-world.ts';

const yaml = `
schemaVersion: "2.2"
description: Pings an address
parameters:
  address:
    type: String
    description: Where to
    allowedPattern: '^\\d{1,3}(\\.\\d{1,3}){3}$'
  count:
    type: Integer
    default: 2
    allowedValues: [1, 2, 3]
mainSteps:
  - action: aws:runShellScript
    name: pingIt
    inputs:
      timeoutSeconds: "60"
      runCommand:
        - ping -c {{ count }} {{address}}
        - hostname
`;

describe('a document', () => {
  let served: Served;
  let client: ssm.SSM;
  beforeAll(async () => {
    served = await serve();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new ssm.SSM({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  afterAll(() => served.close());

  test('is made, described and read back in either format', async () => {
    const made = await client.createDocument({
      Name: 'Ping',
      Content: yaml,
      DocumentFormat: 'YAML',
      VersionName: 'one',
    });
    expect(made.DocumentDescription).toMatchObject({
      Name: 'Ping',
      Owner: '123456789012',
      SchemaVersion: '2.2',
      DocumentVersion: '1',
      Description: 'Pings an address',
      Parameters: [
        { Name: 'address', Type: 'String', Description: 'Where to' },
        { Name: 'count', DefaultValue: '2' },
      ],
    });
    expect((await client.getDocument({ Name: 'Ping' })).Content).toBe(yaml);
    const json = await client.getDocument({ Name: 'Ping', DocumentFormat: 'JSON' });
    expect(JSON.parse(json.Content ?? '')).toMatchObject({ schemaVersion: '2.2', mainSteps: [{ name: 'pingIt' }] });
  });

  test('has versions, one of which is the default', async () => {
    const Content = yaml.replace('Pings', 'Pokes');
    await client.updateDocument({ Name: 'Ping', Content, DocumentFormat: 'YAML', DocumentVersion: '$LATEST' });
    expect((await client.describeDocument({ Name: 'Ping' })).Document).toMatchObject({
      DocumentVersion: '1',
      DefaultVersion: '1',
      LatestVersion: '2',
    });
    await client.updateDocumentDefaultVersion({ Name: 'Ping', DocumentVersion: '2' });
    expect((await client.describeDocument({ Name: 'Ping' })).Document?.Description).toBe('Pokes an address');
    expect(await refusal(client.deleteDocument({ Name: 'Ping', DocumentVersion: '2' }))).toMatchObject({
      code: 'InvalidDocumentOperation',
    });
    await client.deleteDocument({ Name: 'Ping', VersionName: 'one' });
    expect((await client.listDocumentVersions({ Name: 'Ping' })).DocumentVersions).toHaveLength(1);
  });

  test('is listed beside those of Amazon', async () => {
    const names = async (Filters: ssm.DocumentKeyValuesFilter[]) =>
      (await client.listDocuments({ Filters })).DocumentIdentifiers?.map(({ Name }) => Name);
    expect(await names([])).toEqual(['AWS-RunShellScript', 'Ping']);
    expect(await names([{ Key: 'Owner', Values: ['Self'] }])).toEqual(['Ping']);
    expect(await names([{ Key: 'Name', Values: ['AWS-'] }])).toEqual(['AWS-RunShellScript']);
  });

  const valid = JSON.stringify({ schemaVersion: '2.2', mainSteps: [{ action: 'a', name: 'b', inputs: {} }] });
  test.each([
    [
      'CreateDocument',
      { Name: 'Ping', Content: yaml, DocumentFormat: 'YAML' },
      'DocumentAlreadyExists',
      'Document with same name Ping already exists',
    ],
    ['CreateDocument', { Name: 'Other', Content: yaml }, 'InvalidDocumentContent', 'JSON not well-formed.'],
    [
      'CreateDocument',
      { Name: 'Other', Content: '{"schemaVersion":"3.0"}' },
      'InvalidDocumentContent',
      'Document schema version is invalid. Value: 3.0',
    ],
    [
      'CreateDocument',
      { Name: 'Other', Content: valid.replace('{}', '{"runCommand":["{{ x }}"]}') },
      'InvalidDocumentContent',
      'Parameter "x" is not declared.',
    ],
    ['CreateDocument', { Name: 'AWS-Mine', Content: valid }, 'ValidationException', undefined],
    [
      'UpdateDocument',
      { Name: 'Ping', Content: yaml.replace('Pings', 'Pokes'), DocumentFormat: 'YAML' },
      'DuplicateDocumentContent',
      undefined,
    ],
    ['GetDocument', { Name: 'None' }, 'InvalidDocument', 'Document with name None does not exist.'],
    ['GetDocument', { Name: 'Ping', DocumentVersion: '9' }, 'InvalidDocumentVersion', undefined],
    ['DeleteDocument', { Name: 'AWS-RunShellScript' }, 'InvalidDocumentOperation', undefined],
  ])('%s of %j is refused with %s', async (operation, input, code, message) => {
    const Command = Reflect.get(ssm, `${operation}Command`);
    const refused = await refusal(client.send(new Command(input)));
    expect(refused.code).toBe(code);
    if (message) expect(refused.message).toBe(message);
  });
});

describe('a custom document, sent to an instance', () => {
  let lab: LabWorld;
  beforeEach(() => {
    lab = labWorld();
    lab.send(operations, 'CreateDocument', { Name: 'Ping', Content: yaml, DocumentFormat: 'YAML' });
  });
  const send = (parameters: object) =>
    lab.send(operations, 'SendCommand', {
      InstanceIds: ['i-01'],
      DocumentName: 'Ping',
      Parameters: parameters,
      Comment: 'is it there?',
      MaxErrors: '10%',
    }) as ssm.SendCommandResult;

  test('runs with its parameters filled in, and its output is asked for by the name of its step', () => {
    const { Command } = send({ address: ['127.0.0.1'] });
    expect(Command).toMatchObject({ DocumentName: 'Ping', Comment: 'is it there?', MaxErrors: '10%' });
    lab.now += 30_000;
    const answer = (PluginName: string) =>
      lab.send(operations, 'GetCommandInvocation', { CommandId: Command?.CommandId, InstanceId: 'i-01', PluginName });
    expect(answer('pingIt')).toMatchObject({ Status: 'Success', PluginName: 'pingIt' });
    expect((answer('pingIt') as ssm.GetCommandInvocationResult).StandardOutputContent).toContain(
      '2 packets transmitted',
    );
    expect(() => answer('aws:runShellScript')).toThrow('not valid');
  });

  test.each([
    ['a value that the pattern does not fit', { address: ['127.0.0.1; rm -rf /'] }],
    ['a value that is not allowed', { address: ['127.0.0.1'], count: ['9'] }],
    ['no value where there is no default', { count: ['1'] }],
    ['a parameter that is not declared', { address: ['127.0.0.1'], colour: ['red'] }],
  ])('%s is InvalidParameters', (_, parameters) => {
    expect(() => send(parameters)).toThrow('Parameters provided in document are invalid or not supported.');
  });
});
