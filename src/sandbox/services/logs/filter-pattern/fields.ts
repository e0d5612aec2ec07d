/** `[ip, user, ..., status = 4*, bytes > 1000]`: a line of fields with spaces between, named and with conditions. */
import P, { type Parser } from 'parsimmon';
import { invalidPattern } from '../refusal.ts';
import type { FilterPattern } from './pattern.ts';
import { comparison, lexeme, literal, operator, parsed, symbol, type Test } from './value.ts';

interface Field {
  /** Empty where it has none. */
  readonly name: string;
  readonly holds: Test;
}

const name = lexeme(P.regexp(/[A-Za-z0-9_$-]+/));
const test = P.seqMap(operator, literal, comparison);
/** After the first, each condition names its field again: `status = 4* && status != 403`. */
const further = name.then(test);

const conditions: Parser<Test> = P.seqMap(
  test,
  symbol('&&').then(further).many(),
  symbol('||')
    .then(further.sepBy1(symbol('&&')))
    .many(),
  (first, more, others) => (text) => [[first, ...more], ...others].some((all) => all.every((holds) => holds(text))),
);

const always: Test = () => true;
const field: Parser<Field> = P.seqMap(name, conditions.fallback(always), (given, holds) => ({ name: given, holds }));
const ellipsis = symbol('...');
const items = P.alt<Field | string>(ellipsis, field, P.of({ name: '', holds: always })).sepBy(symbol(','));

/** @throws AwsError */
export function parseFieldsPattern(pattern: string): FilterPattern {
  const list = parsed(symbol('[').then(items).skip(symbol(']')), pattern);
  const gap = list.findIndex((item) => typeof item === 'string');
  const fields = list.filter((item) => typeof item !== 'string');
  if (list.length - fields.length > 1) throw invalidPattern('only one ... can stand in a pattern');
  return (message) => {
    const values = fieldsOf(message);
    const hidden = values.length - fields.length;
    if (gap < 0 ? hidden !== 0 : hidden < 0) return undefined;
    // Those after the ellipsis are the last ones of the line.
    const at = (index: number) => (gap >= 0 && index >= gap ? index + hidden : index);
    if (!fields.every(({ holds }, index) => holds(values[at(index)] ?? ''))) return undefined;
    const names = new Map(fields.map((each, index) => [at(index), each.name]));
    return Object.fromEntries(values.map((value, index) => [`$${names.get(index) || index + 1}`, value]));
  };
}

/** "The characters between a pair of square brackets [] or two double quotes are treated as a single field." */
function fieldsOf(line: string): string[] {
  if (!/["[]/.test(line)) return line.trim().split(/\s+/);
  return [...line.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map(
    ([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? '',
  );
}
