/** `{ $.eventName = "UpdateTrail" && $.users[0].id > 1 }`: conditions on the values of a JSON message. */
import P, { type Parser } from 'parsimmon';
import { parsedJson } from '../../../insights/row.ts';
import type { FilterPattern } from './pattern.ts';
import { combined, comparison, lexeme, literal, operator, parsed, symbol } from './value.ts';

type Condition = (document: unknown) => boolean;

interface Selector {
  readonly text: string;
  readonly steps: readonly string[];
}

const step = P.alt(
  P.regexp(/\.([A-Za-z0-9_@$-]+|\*)/, 1),
  P.regexp(/\.?\[\s*(\d+|\*)\s*\]/, 1),
  P.regexp(/\.?\[\s*['"]([^'"]+)['"]\s*\]/, 1),
);
const selector: Parser<Selector> = lexeme(
  P.string('$')
    .then(step.atLeast(1))
    .map((steps) => ({ steps, text: `$.${steps.join('.')}` })),
);
const keyword = (words: RegExp) => lexeme(P.regexp(words));

/** @throws AwsError */
export function parseJsonPattern(pattern: string): FilterPattern {
  const selectors: Selector[] = [];
  const condition: Parser<Condition> = P.lazy(() =>
    P.alt(
      symbol('(')
        .then(P.lazy(() => conditions))
        .skip(symbol(')')),
      P.seqMap(selector, test, (chosen, made) => {
        selectors.push(chosen);
        return (document) => made(select(document, chosen.steps));
      }),
    ),
  );
  const conditions = combined(condition);
  const holds = parsed(symbol('{').then(conditions).skip(symbol('}')), pattern);
  return (message) => {
    const document = parsedJson(message);
    if (document === undefined || !holds(document)) return undefined;
    return Object.fromEntries(
      selectors.flatMap(({ text, steps }) =>
        select(document, steps)
          .filter(isPlain)
          .map((value) => [text, String(value)]),
      ),
    );
  };
}

type Test = (found: readonly unknown[]) => boolean;

/** A value that is a map or a list fits no comparison, neither `=` nor `!=` (User Guide, "JSON special considerations"). */
const test: Parser<Test> = P.alt<Test>(
  P.seqMap(operator, literal, (how, value) => {
    const compares = comparison(how, value);
    return (found: readonly unknown[]) => found.some((each) => isPlain(each) && compares(String(each)));
  }),
  keyword(/NOT\s+EXISTS\b/i).result((found) => found.length === 0),
  keyword(/EXISTS\b/i).result((found) => found.length > 0),
  keyword(/IS\s+NULL\b/i).result((found) => found.includes(null)),
  keyword(/IS\s+TRUE\b/i).result((found) => found.includes(true)),
  keyword(/IS\s+FALSE\b/i).result((found) => found.includes(false)),
);

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function select(document: unknown, steps: readonly string[]): unknown[] {
  return steps.reduce(
    (found: unknown[], name) =>
      found.flatMap((value) => {
        if (typeof value !== 'object' || value === null) return [];
        if (name === '*') return Object.values(value);
        return Object.hasOwn(value, name) ? [Reflect.get(value, name)] : [];
      }),
    [document],
  );
}
