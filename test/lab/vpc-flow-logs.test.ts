import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as ssm from '@aws-sdk/client-ssm';
import { NormalizedSchema } from '@smithy/core/schema';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadChecks, type Registry } from '../../src/lab/checks.ts';
import { listLabs } from '../../src/lab/list.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { Lab, SolutionCall } from '../../src/lab/schema.ts';

const root = join(import.meta.dirname, '../..');
const labsDir = join(root, 'labs');

let checks: Registry;
let lab: Lab;
beforeAll(async () => {
  checks = await loadChecks(join(root, 'checks'));
  lab = await loadLab('vpc-flow-logs', { labsDir, checks });
});

test('every folder of labs/ holds a lab that loads with the real checks', async () => {
  const ids = await listLabs(labsDir);
  expect(ids).toEqual(readdirSync(labsDir).sort());
  for (const id of ids) expect(await loadLab(id, { labsDir, checks })).toMatchObject({ id });
});

test('its steps are the seven of the project, in order', () => {
  expect(lab.steps.map(({ title }) => title)).toEqual([
    'Set up VPCs',
    'Launch EC2 instances',
    'Set up Logs',
    'Set IAM permissions for Logs',
    'Ping testing and troubleshooting',
    'Set up a peering connection',
    'Analyze flow logs',
  ]);
});

test('a learner predicts before the pings, the peering and the log', () => {
  const predictions = lab.steps.map(
    ({ id, questions }) =>
      [id, questions.filter((question) => question.kind === 'choice' && question.when === 'before').length] as const,
  );
  expect(Object.fromEntries(predictions)).toMatchObject({ ping: 2, peering: 1, analyze: 3 });
});

test('the right options are not always at the same place, nor the longest', () => {
  const choices = lab.steps.flatMap(({ questions }) => questions.filter((question) => question.kind === 'choice'));
  const places = choices.map(({ answer }) => answer);
  expect(new Set(places)).toEqual(new Set([0, 1, 2]));
  const longest = choices.filter(({ options, answer }) =>
    options.every((option) => option.length <= (options[answer]?.length ?? 0)),
  );
  expect(longest.length).toBeLessThan(choices.length * 0.6);
});

test('sample answers begin as their stems do, and name no resource that a learner does not have', () => {
  const texts = [...lab.steps.flatMap(({ questions }) => questions), ...lab.questions].filter(
    (question) => question.kind === 'text',
  );
  for (const { stem, sample } of texts) {
    const [beginning = ''] = (stem ?? '').split(' …');
    expect(sample.startsWith(beginning)).toBe(true);
    expect(sample).not.toMatch(/\b(vpc|i|eni|pcx|rtb|fl|igw|sg|subnet)-[0-9a-f]{4,}|\b\d{12}\b|@/);
  }
});

describe('what is blocked where nothing is there', () => {
  test('checks of a new account: those that need nothing before them, in every part of the lab', () => {
    const open = lab.steps.flatMap(({ checks: uses }) => uses.filter(({ after }) => after.length === 0));
    expect(open.map(({ id }) => id)).toEqual(['vpc-1', 'vpc-2', 'log-group', 'role-trusted']);
  });

  test('the peering may be made before the ping and the flow log', () => {
    const all = new Map(lab.steps.flatMap(({ checks: uses }) => uses.map((use) => [use.id, use.after] as const)));
    const needed = (id: string): readonly string[] => [id, ...(all.get(id) ?? []).flatMap(needed)];
    for (const id of ['peering-active', 'peering-routes', 'private-answered'])
      expect(needed(id)).not.toContain('private-unanswered');
    expect(needed('peering-routes')).not.toContain('flow-log-active');
  });
});

/** The SDK's own description of every operation is the oracle for what a solution sends and expects. */
describe('the reference solution speaks the language of the AWS SDK', () => {
  const services: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ec2, iam, logs, ssm };

  test('each call, its input and the paths that it reads exist', () => {
    const calls = lab.steps.flatMap(({ solution }) => solution);
    expect(calls.length).toBeGreaterThan(50);
    expect(calls.flatMap(faultsOf)).toEqual([]);
  });

  function faultsOf(call: SolutionCall): readonly string[] {
    const [service = '', operation = ''] = call.call.split(':');
    const schema = services[service]?.[`${operation}$`];
    if (!Array.isArray(schema)) return [`${call.call} is no operation`];
    const input = NormalizedSchema.of(schema[4]);
    const output = NormalizedSchema.of(schema[5]);
    const paths = [...Object.values(call.save ?? {}), ...(call.until ? [call.until.path] : [])];
    return [
      ...inputFaults(call.input, input, call.call),
      ...paths.flatMap((path) => pathFaults(path, output, call.call)),
    ];
  }

  function inputFaults(value: unknown, schema: NormalizedSchema, where: string): readonly string[] {
    if (Array.isArray(value))
      return schema.isListSchema()
        ? value.flatMap((item, index) => inputFaults(item, schema.getValueSchema(), `${where}[${index}]`))
        : [`${where} is no list`];
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([name, item]) => {
        if (schema.isMapSchema()) return inputFaults(item, schema.getValueSchema(), `${where}.${name}`);
        if (!schema.isStructSchema() || !membersOf(schema).includes(name)) return [`${where} has no ${name}`];
        return inputFaults(item, schema.getMemberSchema(name), `${where}.${name}`);
      });
    const isText = typeof value === 'string' && !/^\$\{(start|end)\}$/.test(value);
    if (isText) return schema.isStringSchema() ? [] : [`${where} is no text`];
    if (typeof value === 'boolean') return schema.isBooleanSchema() ? [] : [`${where} is no boolean`];
    return schema.isNumericSchema() ? [] : [`${where} is no number`];
  }

  function pathFaults(path: string, output: NormalizedSchema, call: string): readonly string[] {
    let schema = output;
    for (const part of path.replaceAll(/\[\d+\]/g, '.[]').split('.')) {
      if (part === '[]' && schema.isListSchema()) schema = schema.getValueSchema();
      else if (schema.isStructSchema() && membersOf(schema).includes(part)) schema = schema.getMemberSchema(part);
      else return [`the answer to ${call} has no ${path}`];
    }
    return schema.isStringSchema() || schema.isNumericSchema() || schema.isTimestampSchema()
      ? []
      : [`${path} of the answer to ${call} is no single value`];
  }

  function membersOf(schema: NormalizedSchema): readonly string[] {
    return [...schema.structIterator()].map(([name]) => name);
  }

  test('its policy documents are JSON', () => {
    const documents = lab.steps
      .flatMap(({ solution }) => solution)
      .flatMap(({ input }) => [input.PolicyDocument, input.AssumeRolePolicyDocument])
      .filter((document) => typeof document === 'string');
    expect(documents.length).toBeGreaterThan(2);
    for (const document of documents) expect(JSON.parse(document)).toMatchObject({ Version: '2012-10-17' });
  });

  test('the policy that the console instructions show is the one that the solution sends', () => {
    const step = lab.steps.find(({ id }) => id === 'permissions');
    const shown = step?.console.find((text) => text.startsWith('{')) ?? '';
    const sent = step?.solution.find(({ call }) => call === 'iam:CreatePolicy')?.input.PolicyDocument;
    expect(JSON.parse(shown)).toEqual(JSON.parse(String(sent)));
  });
});
