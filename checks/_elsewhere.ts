/** Missing here, and there in another Region of the account: the console was set to that one. */
import type { Context, Finding, Parameters } from '../src/check.ts';
import type { Question, SliceName } from '../src/model/account.ts';
import { listed } from './_words.ts';

type What = (Question & { readonly kind: 'elsewhere' })['what'];

export function elsewhereQuestion<W extends What>(what: W): { readonly kind: 'elsewhere'; readonly what: W } {
  return { kind: 'elsewhere', what };
}

const SHOWN = 3;

/** @returns the finding with where things are, or undefined where no other Region holds such a thing, or none could be asked. */
export function inOtherRegion(
  context: Pick<Context<Parameters, SliceName, never>, 'reading' | 'cloud'>,
  what: What,
  finding: Pick<Finding, 'code' | 'message' | 'expected' | 'fix'>,
  isLike: (id: string) => boolean = () => true,
): Finding | undefined {
  const reading = context.reading(elsewhereQuestion(what));
  const regions = (reading?.ok ? reading.value : [])
    .map(({ region, found }) => ({ region, found: found.filter(({ id }) => isLike(id)) }))
    .filter(({ found }) => found.length > 0);
  if (regions.length === 0) return undefined;
  const places = regions.map(({ region, found }) => {
    const names = found.slice(0, SHOWN).map(({ id, name }) => (name === undefined ? id : `${id} (${name})`));
    const more = found.length > SHOWN ? [`${found.length - SHOWN} more`] : [];
    return `${listed([...names, ...more])} in ${region}`;
  });
  return {
    ...finding,
    severity: 'error',
    message: `${finding.message} But there is ${listed(places)}: did you have another Region chosen?`,
    resources: regions.flatMap(({ found }) => found.slice(0, SHOWN).map(({ id }) => id)),
    actual: places.join('; '),
  };
}
