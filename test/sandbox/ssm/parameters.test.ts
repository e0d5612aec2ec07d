/** The Parameter Store through the real client. */
import * as ssm from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { refusal, type Served, serve } from '../clients.ts';

let served: Served;
let client: ssm.SSM;
beforeAll(async () => {
  served = await serve();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new ssm.SSM({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(() => served.close());
beforeEach(() => served.reset());

const put = (Name: string, more: Partial<ssm.PutParameterRequest> = {}) =>
  client.putParameter({ Name, Value: 'v', Type: 'String', ...more });

test('each overwriting makes a version, which keeps what is not said anew', async () => {
  await put('/lab/vpc', { Value: 'vpc-1', Description: 'The VPC', Tags: [{ Key: 'lab', Value: '1' }] });
  expect(await client.putParameter({ Name: '/lab/vpc', Value: 'vpc-2', Overwrite: true })).toMatchObject({
    Version: 2,
  });
  expect((await client.getParameter({ Name: '/lab/vpc:1' })).Parameter).toMatchObject({
    Name: '/lab/vpc',
    Value: 'vpc-1',
    Selector: ':1',
    ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/lab/vpc',
  });
  const history = await client.getParameterHistory({ Name: '/lab/vpc' });
  expect(history.Parameters?.map(({ Value, Description }) => [Value, Description])).toEqual([
    ['vpc-1', 'The VPC'],
    ['vpc-2', 'The VPC'],
  ]);
  const tags = await client.listTagsForResource({ ResourceType: 'Parameter', ResourceId: '/lab/vpc' });
  expect(tags.TagList).toEqual([{ Key: 'lab', Value: '1' }]);
});

test('a label names one version at a time', async () => {
  await put('a');
  await put('a', { Value: 'w', Overwrite: true });
  await client.labelParameterVersion({ Name: 'a', ParameterVersion: 1, Labels: ['live'] });
  await client.labelParameterVersion({ Name: 'a', Labels: ['live', '1st'] });
  expect((await client.getParameter({ Name: 'a:live' })).Parameter?.Value).toBe('w');
  expect((await client.getParameterHistory({ Name: 'a' })).Parameters?.map(({ Labels }) => Labels)).toEqual([
    [],
    ['live'],
  ]);
});

test('a secret is in the clear only with decryption', async () => {
  await put('secret', { Type: 'SecureString', Value: 'hush' });
  expect((await client.getParameter({ Name: 'secret', WithDecryption: true })).Parameter?.Value).toBe('hush');
  expect((await client.getParameter({ Name: 'secret' })).Parameter?.Value).not.toContain('hush');
});

test('paths are folders, read page by page', async () => {
  for (const name of ['/a/1', '/a/2', '/a/b/3', '/ab/4', 'plain']) await put(name);
  const names = async (input: ssm.GetParametersByPathRequest) => {
    const all: (string | undefined)[] = [];
    for await (const page of ssm.paginateGetParametersByPath({ client, pageSize: 2 }, input))
      all.push(...(page.Parameters ?? []).map(({ Name }) => Name));
    return all;
  };
  expect(await names({ Path: '/a' })).toEqual(['/a/1', '/a/2']);
  expect(await names({ Path: '/a/', Recursive: true })).toEqual(['/a/1', '/a/2', '/a/b/3']);
  expect(await names({ Path: '/' })).toEqual(['plain']);
  expect(await names({ Path: '/aws/service/ami-amazon-linux-latest' })).not.toEqual([]);
});

test.each<[ssm.ParameterStringFilter, string[]]>([
  [{ Key: 'Name', Values: ['one'] }, ['/one']],
  [{ Key: 'Name', Option: 'Contains', Values: ['o'] }, ['/one', 'two']],
  [{ Key: 'Type', Values: ['StringList'] }, ['two']],
  [{ Key: 'Path', Values: ['/'] }, ['/one', 'two', '3']],
  [{ Key: 'Path', Option: 'Recursive', Values: ['/one'] }, []],
  [{ Key: 'tag:t', Values: ['x'] }, ['3']],
])('DescribeParameters with the filter %j finds %j', async (filter, found) => {
  await put('/one');
  await put('two', { Type: 'StringList', Value: 'a,b' });
  await put('3', { Tags: [{ Key: 't', Value: 'x' }] });
  const { Parameters } = await client.describeParameters({ ParameterFilters: [filter] });
  expect(Parameters?.map(({ Name }) => Name)).toEqual(found);
});

test.each<[string, object, string]>([
  ['PutParameter', { Name: 'a', Value: 'b', Type: 'String' }, 'ParameterAlreadyExists'],
  ['PutParameter', { Name: 'new', Value: 'b' }, 'ValidationException'],
  ['PutParameter', { Name: 'new', Value: '', Type: 'String' }, 'ValidationException'],
  ['PutParameter', { Name: 'awsome', Value: 'b', Type: 'String' }, 'ValidationException'],
  ['PutParameter', { Name: '/aws/x', Value: 'b', Type: 'String' }, 'AccessDeniedException'],
  ['PutParameter', { Name: 'no/slash', Value: 'b', Type: 'String' }, 'ValidationException'],
  ['PutParameter', { Name: '/a'.repeat(16), Value: 'b', Type: 'String' }, 'HierarchyLevelLimitExceededException'],
  ['PutParameter', { Name: 'new', Value: 'x'.repeat(4097), Type: 'String' }, 'ValidationException'],
  [
    'PutParameter',
    { Name: 'new', Value: 'ab', Type: 'String', AllowedPattern: '\\d+' },
    'ParameterPatternMismatchException',
  ],
  ['PutParameter', { Name: 'a', Value: 'b', Type: 'SecureString', Overwrite: true }, 'HierarchyTypeMismatchException'],
  ['GetParameter', { Name: 'none' }, 'ParameterNotFound'],
  ['GetParameter', { Name: 'a:7' }, 'ParameterVersionNotFound'],
  ['GetParameters', { Names: [...'abcdefghijk'] }, 'ValidationException'],
  ['GetParametersByPath', { Path: '/', MaxResults: 11 }, 'ValidationException'],
  ['DeleteParameter', { Name: 'none' }, 'ParameterNotFound'],
  ['LabelParameterVersion', { Name: 'a', ParameterVersion: 2, Labels: ['x'] }, 'ParameterVersionNotFound'],
  ['ListTagsForResource', { ResourceType: 'Parameter', ResourceId: 'none' }, 'InvalidResourceId'],
])('%s of %j is refused with %s', async (operation, input, code) => {
  await put('a');
  const Command = Reflect.get(ssm, `${operation}Command`);
  expect((await refusal(client.send(new Command(input)))).code).toBe(code);
});

test('deleting several says which there were', async () => {
  await put('a');
  expect(await client.deleteParameters({ Names: ['a', 'b'] })).toMatchObject({
    DeletedParameters: ['a'],
    InvalidParameters: ['b'],
  });
});
