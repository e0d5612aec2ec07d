/** Asks for page after page, as the AWS CLI does (botocore/paginate.py), with `--max-items` and `--starting-token`. */
import type { OperationModel } from '../account/operations.ts';
import { Misuse } from './misuse.ts';
import type { Printable } from './output/printable.ts';

export interface PageRules {
  /** The member that takes the token; the answer's has the same name. */
  readonly token: string;
  /** The member that takes a page's size, where there is one. */
  readonly size: string | undefined;
  /** The lists that the pages are parts of. */
  readonly lists: readonly string[];
  /** Said on every page: shown once. */
  readonly once: readonly string[];
}

export type Page = { readonly [key: string]: Printable };

export interface PageOptions {
  readonly maxItems?: number;
  readonly startingToken?: string;
}

const TOKENS = ['NextToken', 'nextToken', 'Marker'];
const SIZES = ['MaxResults', 'maxResults', 'MaxItems', 'limit', 'Limit'];

/** How an operation's answers are paged; `undefined` for those that are not. The names are AWS's few customs. */
export function pageRules({ name, input, output, paged }: OperationModel): PageRules | undefined {
  const token = TOKENS.find((each) => input.members.has(each) && output.members.has(each));
  if (!paged || token === undefined) return undefined;
  const members = [...output.members];
  return {
    token,
    size: SIZES.find((each) => input.members.has(each)),
    lists: members.filter(([, { shape }]) => shape.kind === 'list').map(([member]) => member),
    once: name === 'GetGroup' ? ['Group'] : [],
  };
}

/** Where to go on: AWS's token, and how many items of its page were shown already. */
interface Resume {
  readonly token: string | null;
  readonly shown?: number;
}

/**
 * The pages, cut to `maxItems`; the last one says where to go on, if there is more.
 * @throws Misuse for a starting token that cannot be read.
 */
export async function* pages(
  rules: PageRules,
  { maxItems, startingToken }: PageOptions,
  ask: (token: string | undefined) => Promise<Page>,
): AsyncGenerator<{ readonly page: Page; readonly resume: string | undefined }> {
  let { token, shown: skip = 0 }: Resume = startingToken === undefined ? { token: null } : decode(rules, startingToken);
  const [primary = ''] = rules.lists;
  let items = 0;
  while (true) {
    const page = skipped(rules, await ask(token ?? undefined), skip);
    const here = listIn(page, primary);
    const tooMany = maxItems === undefined ? 0 : items + here.length - maxItems;
    if (tooMany > 0) {
      const kept = here.slice(0, here.length - tooMany);
      const resume = encode(rules, { token, shown: kept.length + skip });
      yield { page: { ...page, [primary]: kept }, resume };
      return;
    }
    items += here.length;
    const next = nextToken(rules, page);
    if (next === undefined || items === maxItems) {
      yield { page, resume: next === undefined ? undefined : encode(rules, { token: next }) };
      return;
    }
    yield { page, resume: undefined };
    if (next === token) throw new Error(`The same next token was received twice: ${next}`);
    token = next;
    skip = 0;
  }
}

function nextToken({ token }: PageRules, page: Page): string | undefined {
  if ('IsTruncated' in page && page.IsTruncated !== true) return undefined;
  const next = page[token];
  return typeof next === 'string' && next !== '' ? next : undefined;
}

/** What an earlier command showed of this page is left out, and with it the page's other lists. */
function skipped({ lists }: PageRules, page: Page, count: number): Page {
  if (count === 0) return page;
  const rest = lists.map((name, index) => [name, index === 0 ? listIn(page, name).slice(count) : []]);
  return { ...page, ...Object.fromEntries(rest) };
}

export function listIn(page: Page, name: string): readonly Printable[] {
  const list = page[name];
  return Array.isArray(list) ? list : [];
}

/** The AWS CLI's own form, so that either may go on where the other stopped. */
function encode({ token }: PageRules, resume: Resume): string {
  const fields = [
    `"${token}": ${JSON.stringify(resume.token)}`,
    ...(resume.shown !== undefined ? [`"boto_truncate_amount": ${resume.shown}`] : []),
  ];
  return Buffer.from(`{${fields.join(', ')}}`).toString('base64');
}

function decode({ token }: PageRules, text: string): Resume {
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    // No token of a CLI's: taken for one of the service itself.
    return { token: text };
  }
  const { [token]: next = null, boto_truncate_amount: shown = 0 } = Object(fields) as Record<string, unknown>;
  if ((typeof next !== 'string' && next !== null) || typeof shown !== 'number')
    throw new Misuse(`Bad starting token: ${text}`);
  return { token: next, shown };
}
