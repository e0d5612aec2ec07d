/** `help` on every level, written from the schemas; AWS's own page says what each parameter means. */
import type { ServiceName } from '../account/connection.ts';
import type { OperationModel } from '../account/operations.ts';
import type { Shape } from '../account/shape.ts';
import { GLOBAL_OPTIONS } from './globals.ts';
import type { Option } from './option.ts';
import { pageRules } from './paging.ts';
import { CLI_INPUT, optionTable, PAGE_OPTIONS } from './request.ts';

const WHERE = 'https://docs.aws.amazon.com/cli/latest/reference';

export function topHelp(services: readonly string[]): string {
  return page([
    ['NAME', ['labproof aws - the words of the AWS CLI, with no AWS CLI installed']],
    ['SYNOPSIS', ['labproof aws [options] <service> <operation> [parameters]', 'labproof aws <service> help']],
    ['SERVICES', services],
    ['OPTIONS', globalLines()],
  ]);
}

export function serviceHelp(service: ServiceName, operations: readonly string[], waiters: readonly string[]): string {
  return page([
    ['NAME', [`labproof aws ${service}`]],
    ['SYNOPSIS', [`labproof aws ${service} <operation> [parameters]`, `labproof aws ${service} <operation> help`]],
    ['OPERATIONS', operations],
    ...(service === 'logs' ? [['ALSO', ['tail']] as const] : []),
    ...(waiters.length > 0 ? [[`WAIT (labproof aws ${service} wait ...)`, waiters] as const] : []),
    ['SEE', [`${WHERE}/${service}/`]],
  ]);
}

export function operationHelp(service: ServiceName, model: OperationModel, words: string): string {
  const table = [...optionTable(service, model).values()];
  const paging = pageRules(model) ? Object.entries(PAGE_OPTIONS) : [];
  const required = table.filter((option) => option.required);
  return page([
    ['NAME', [`labproof aws ${service} ${words}`]],
    [
      'SYNOPSIS',
      [
        `labproof aws ${service} ${words}`,
        ...[...required, ...table.filter((option) => !option.required)].map(synopsis),
      ],
    ],
    ['PARAMETERS', table.flatMap(described)],
    ...(paging.length > 0 ? [['PAGES', paging.map(([name, about]) => `--${name}  ${about}`)] as const] : []),
    ['INPUT', [`--${CLI_INPUT} (JSON, or file://FILE)  the whole input; what stands on the command line wins`]],
    ['GLOBAL OPTIONS', globalLines()],
    ['SEE', [`${WHERE}/${service}/${words.replace(' ', '/')}.html`]],
  ]);
}

function globalLines(): readonly string[] {
  return [...GLOBAL_OPTIONS].map(
    ([name, { takes, about }]) => `--${name}${takes === 'one' ? ' <value>' : ''}  ${about}`,
  );
}

function synopsis(option: Option): string {
  const { name, takes, required } = option;
  const value = { nothing: '', one: ' <value>', optional: ' [<value>]', many: ' <value>...' }[takes];
  return required && takes !== 'nothing' ? `    --${name}${value}` : `    [--${name}${value}]`;
}

function described(option: Option): readonly string[] {
  const { name, shape, about } = option;
  const kind = shape ? ` (${kindOf(shape)})` : '';
  const lines = [`--${name}${kind}${about ? `  ${about}` : ''}`];
  if (shape && isComplex(shape)) lines.push(`    shorthand: ${shorthandOf(shape)}`);
  return lines;
}

function kindOf(shape: Shape): string {
  return shape.kind === 'list' ? `list of ${kindOf(shape.member)}s` : shape.kind;
}

function isComplex(shape: Shape): boolean {
  return shape.kind === 'list' ? isComplex(shape.member) : shape.kind === 'structure' || shape.kind === 'map';
}

const DEPTH = 3;

function shorthandOf(shape: Shape, depth = 0): string {
  switch (shape.kind) {
    case 'list':
      return depth === 0 ? `${shorthandOf(shape.member, depth)} ...` : `[${shorthandOf(shape.member, depth + 1)},...]`;
    case 'map':
      return braces(`KeyName1=${shorthandOf(shape.value, depth + 1)},KeyName2=...`, depth);
    case 'structure': {
      if (depth > DEPTH) return '{...}';
      const members = [...shape.members].map(([name, member]) => `${name}=${shorthandOf(member.shape, depth + 1)}`);
      return braces(members.join(','), depth);
    }
    default:
      return shape.kind;
  }
}

function braces(text: string, depth: number): string {
  return depth === 0 ? text : `{${text}}`;
}

function page(sections: readonly (readonly [string, readonly string[]])[]): string {
  return sections.map(([title, lines]) => `${title}\n${lines.map((line) => `    ${line}\n`).join('')}`).join('\n');
}
