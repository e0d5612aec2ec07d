/** The options that every command of the AWS CLI has, and `--sandbox`, which is labproof's own. */
import type { Takes } from './command-line.ts';
import { Misuse } from './misuse.ts';
import { FORMATS, type Format } from './output/index.ts';
import { compileQuery, type Query } from './output/query.ts';

interface GlobalOption extends Takes {
  readonly about: string;
}

export const GLOBAL_OPTIONS: ReadonlyMap<string, GlobalOption> = new Map<string, GlobalOption>([
  ['sandbox', { takes: 'nothing', about: 'the simulated AWS on this machine: no account, no cost' }],
  ['profile', { takes: 'one', about: 'a profile of your AWS configuration' }],
  ['region', { takes: 'one', about: 'the AWS Region' }],
  ['endpoint-url', { takes: 'one', about: 'another AWS endpoint, such as a running sandbox' }],
  ['output', { takes: 'one', about: `${FORMATS.join(', ')}; json where AWS_DEFAULT_OUTPUT says nothing else` }],
  ['query', { takes: 'one', about: 'a JMESPath expression that picks what is printed' }],
  ['no-paginate', { takes: 'nothing', about: "only the service's first page" }],
  ['cli-binary-format', { takes: 'one', about: 'base64 (the default) or raw-in-base64-out, for bytes in the input' }],
  ['no-cli-pager', { takes: 'nothing', about: 'taken, and without effect: nothing is paged on the screen' }],
  ['color', { takes: 'one', about: 'taken, and without effect: nothing is coloured' }],
  ['no-cli-auto-prompt', { takes: 'nothing', about: 'taken, and without effect: nothing is asked' }],
  ['debug', { takes: 'nothing', about: 'stack traces' }],
]);

export interface GlobalChoices {
  readonly target: {
    readonly sandbox?: boolean;
    readonly profile?: string;
    readonly region?: string;
    readonly endpointUrl?: string;
  };
  readonly output: Format;
  readonly query: Query | undefined;
}

/** @param given The last word behind each option. @throws Misuse */
export function globalChoices(given: ReadonlyMap<string, string | undefined>, defaultOutput = 'json'): GlobalChoices {
  const [profile, region, endpointUrl] = [given.get('profile'), given.get('region'), given.get('endpoint-url')];
  if (given.has('sandbox') && (profile !== undefined || endpointUrl !== undefined))
    throw new Misuse('--sandbox names where to look, and so does --profile or --endpoint-url: give one of them.');
  const output = given.get('output') ?? defaultOutput;
  const format = FORMATS.find((each) => each === output);
  if (format === undefined)
    throw new Misuse(`argument --output: invalid choice: '${output}' (choose from ${FORMATS.join(', ')})`);
  const query = given.get('query');
  return {
    target: {
      ...(given.has('sandbox') && { sandbox: true }),
      ...(profile !== undefined && { profile }),
      ...(region !== undefined && { region }),
      ...(endpointUrl !== undefined && { endpointUrl }),
    },
    output: format,
    query: query === undefined ? undefined : compileQuery(query),
  };
}
