/** What a parameter may be called, and how one of its versions is named (`name:3`, `name:label`, an ARN). */
import { AwsError } from '../../service.ts';

const MOST_CHARACTERS = 1011;
const MOST_LEVELS = 15;

/** Systems Manager User Guide, "Requirements and constraints for parameter names". @throws AwsError */
export function refuseName(name: string): void {
  if (name.length > MOST_CHARACTERS)
    throw new AwsError('ValidationException', `Parameter name must not be longer than ${MOST_CHARACTERS} characters.`);
  const path = name.startsWith('/');
  if (/^\/aws/i.test(name))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (/^\/?(aws|ssm)/i.test(name) || !/^[\w.\-/]+$/.test(name) || /\/\/|\/$/.test(name))
    throw new AwsError(
      'ValidationException',
      path
        ? 'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_'
        : 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
    );
  if (!path && name.includes('/'))
    throw new AwsError('ValidationException', 'Parameter name must be a fully qualified name.');
  if (name.split('/').length - 1 > MOST_LEVELS)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MOST_LEVELS} levels.`,
    );
}

export interface Selector {
  readonly name: string;
  /** A version's number or label. */
  readonly version: string | undefined;
}

/** `undefined` for what can name no parameter. */
export function readSelector(text: string): Selector | undefined {
  const own = /^arn:aws[a-z-]*:ssm:[^:]*:\d*:parameter(\/.*)$/.exec(text)?.[1] ?? text;
  const [name = '', version, ...more] = own.split(':');
  return more.length > 0 ? undefined : { name, version };
}

/** @throws AwsError for what is no path of parameters. */
export function refusePath(path: string): void {
  if (path === '/' || /^(\/[\w.-]+)+\/?$/.test(path)) return;
  throw new AwsError(
    'ValidationException',
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );
}

/** @param recursive Or only what lies directly in it. */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  const full = name.startsWith('/') ? name : `/${name}`;
  return full.startsWith(folder) && (recursive || !full.slice(folder.length).includes('/'));
}
