/** Filters of DescribeParameters and GetParametersByPath (API Reference, ParameterStringFilter). */
import type * as Ssm from '@aws-sdk/client-ssm';
import { AwsError } from '../../service.ts';
import type { ParameterState, ParameterVersionState } from '../../world.ts';
import { isUnder, refusePath } from './parameter-names.ts';
import { violation } from './refusal.ts';

export interface Candidate {
  readonly parameter: ParameterState;
  readonly version: ParameterVersionState;
}
type Test = (candidate: Candidate) => boolean;

const KEYS = { describe: ['Path', 'Name', 'Type', 'KeyId', 'Tier'], path: ['Type', 'KeyId'] } as const;
const KNOWN = /^(tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType)$/;
const VALUES: Readonly<Record<string, readonly string[]>> = {
  Tier: ['Standard', 'Advanced', 'Intelligent-Tiering'],
  Type: ['String', 'StringList', 'SecureString'],
};

/** @throws AwsError for filters that the operation does not take. */
export function parameterFilters(filters: readonly Ssm.ParameterStringFilter[], operation: keyof typeof KEYS): Test {
  refuseForm(filters);
  const keys = filters.map(({ Key }) => Key);
  const double = keys.find((key, index) => keys.indexOf(key) !== index);
  if (double !== undefined)
    throw new AwsError(
      'ValidationException',
      `The following filter is duplicated in the request: ${double}. A request can contain only one occurrence of a specific filter.`,
    );
  const tests = filters.map((filter) => testOf(filter, operation));
  return (candidate) => tests.every((test) => test(candidate));
}

/** The form is checked of all filters first, and every fault is named at once. */
function refuseForm(filters: readonly Ssm.ParameterStringFilter[]): void {
  const faults: string[] = [];
  const fault = (index: number, member: string, value: string, constraint: string) =>
    faults.push(
      `Value '${value}' at 'parameterFilters.${index + 1}.member.${member}' failed to satisfy constraint: Member ${constraint}`,
    );
  for (const [index, { Key = '', Option = '', Values = [] }] of filters.entries()) {
    if (!KNOWN.test(Key))
      fault(
        index,
        'key',
        Key,
        'must satisfy regular expression pattern: tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType',
      );
    if (Key.length > 132) fault(index, 'key', Key, 'must have length less than or equal to 132');
    if (Option.length > 10) fault(index, 'option', Option, 'must have length less than or equal to 10');
    if (Values.length > 50)
      fault(index, 'values', `[${Values.join(', ')}]`, 'must have length less than or equal to 50');
    if (Values.some((value) => value.length > 1024 || value.length < 1))
      fault(
        index,
        'values',
        `[${Values.join(', ')}]`,
        'must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1]',
      );
  }
  if (faults.length > 0)
    throw new AwsError(
      'ValidationException',
      `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected: ${faults.join('; ')}`,
    );
}

function testOf(filter: Ssm.ParameterStringFilter, operation: keyof typeof KEYS): Test {
  const { Key: key = '', Option: option, Values: values } = filter;
  if (key.startsWith('tag:')) return tagTest(key.slice('tag:'.length), option, values);
  if (key === 'Label' && operation === 'path')
    return ({ version }) => version.labels.some((label) => values?.includes(label));
  const keys: readonly string[] = KEYS[operation];
  if (!keys.includes(key) && !(key === 'DataType' && operation === 'describe'))
    throw new AwsError(
      'InvalidFilterKey',
      `The following filter key is not valid: ${key}. Valid filter keys include: [${keys.join(', ')}].`,
    );
  if (!values?.length)
    throw new AwsError('InvalidFilterValue', `The following filter values are missing : null for filter key ${key}`);
  if (key === 'Path') return pathTest(option, values);
  const allowed = VALUES[key];
  const strange = values.find((value) => option !== 'BeginsWith' && allowed !== undefined && !allowed.includes(value));
  if (allowed !== undefined && strange !== undefined)
    throw new AwsError(
      'InvalidFilterValue',
      `The following filter value is not valid: ${strange}. Valid values include: [${allowed.join(', ')}]`,
    );
  const fits = textTest(key, option);
  return (candidate) => values.some((value) => fits(fieldOf(key, candidate), value));
}

function tagTest(name: string, option: string | undefined, values: readonly string[] | undefined): Test {
  const fits = textTest('tag', option);
  return ({ parameter: { tags } }) =>
    Object.hasOwn(tags, name) && (!values?.length || values.some((value) => fits(tags[name] ?? '', value)));
}

function pathTest(option: string | undefined, paths: readonly string[]): Test {
  const byDefault = option ?? 'OneLevel';
  if (byDefault !== 'OneLevel' && byDefault !== 'Recursive') throw invalidOption(byDefault, 'Recursive, OneLevel');
  for (const path of paths) {
    if (/^\/(aws|ssm)(\/|$)/i.test(path))
      throw new AwsError(
        'ValidationException',
        'Filters for common parameters can\'t be prefixed with "aws" or "ssm" (case-insensitive). When using global parameters, please specify within a global namespace.',
      );
    refusePath(path);
  }
  return ({ parameter }) => paths.some((path) => isUnder(parameter.name, path, byDefault === 'Recursive'));
}

function textTest(key: string, option = 'Equals'): (text: string, value: string) => boolean {
  // Names are compared without the slash that they may begin with.
  const plain = (text: string) => (key === 'Name' ? text.replace(/^\//, '') : text);
  switch (option) {
    case 'Equals':
      return (text, value) => plain(text) === plain(value);
    case 'BeginsWith':
      return (text, value) => plain(text).startsWith(plain(value));
    case 'Contains':
      if (key === 'Name') return (text, value) => `/${plain(text)}`.includes(value);
  }
  throw invalidOption(option, 'BeginsWith, Equals');
}

function invalidOption(option: string, valid: string): AwsError {
  return new AwsError(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. Valid options include: [${valid}].`,
  );
}

function fieldOf(key: string, { parameter, version }: Candidate): string {
  switch (key) {
    case 'Name':
      return parameter.name;
    case 'Type':
      return version.type;
    case 'Tier':
      return version.tier;
    case 'DataType':
      return version.dataType;
    default:
      return version.keyId ?? '';
  }
}

/** The older form: Name begins with the value, the others equal it (API Reference, ParametersFilter). */
export function olderFilters(filters: readonly Ssm.ParametersFilter[]): Test {
  for (const { Key, Values = [] } of filters) {
    if (!['Name', 'Type', 'KeyId'].includes(Key ?? ''))
      throw violation(Key, 'filters', 'must satisfy enum value set: [Name, Type, KeyId]');
    if (Values.length === 0) throw violation('[]', 'filters', 'must have length greater than or equal to 1');
  }
  return (candidate) =>
    filters.every(({ Key = '', Values = [] }) =>
      Values.some((value) =>
        Key === 'Name' ? fieldOf(Key, candidate).startsWith(value) : fieldOf(Key, candidate) === value,
      ),
    );
}
