/** A YAML file of an author: parsed strictly, its positions kept, its tricks refused. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { LabError, type LabProblem } from './problem.ts';

/** A lab is about ten deep; policy documents are texts. */
const MAX_DEPTH = 32;
const MAX_ALIASES = 256;
const MAX_SYNTAX_PROBLEMS = 100;
const TOO_DEEP = `This is nested more than ${MAX_DEPTH} deep.`;
const CONTROL_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

export type Path = readonly PropertyKey[];

/** A parsed file, and where its parts stand. */
export interface Source {
  readonly value: unknown;
  has(path: Path): boolean;
  /** A problem at the value of this path, or at what is nearest above it. */
  problem(code: string, path: Path, message: string): LabProblem;
  /** The same at the key itself. */
  problemAtKey(code: string, path: Path, message: string): LabProblem;
}

type Refuse = (code: string, offset: number, message: string) => void;
type Pairs = WeakMap<object, ReadonlyMap<unknown, Pair<Node, Node>>>;

/**
 * Parses one YAML 1.2 document. Throws a `LabError` with every problem of its syntax.
 * @param schema By `failsafe` every scalar is text, as it stands: no account number loses its leading zero.
 */
export function parseSource(text: string, file: string, schema: 'core' | 'failsafe' = 'core'): Source {
  const at = placesIn(text, file);
  const problems: LabProblem[] = [];
  const refuse: Refuse = (code, offset, message) => problems.push({ code, message, ...at(offset) });
  const stopIfRefused = () => {
    if (problems.length > 0) throw new LabError(problems);
  };

  const binary = CONTROL_CHARACTER.exec(text);
  if (binary) refuse('NOT_TEXT', binary.index, 'There is a control character here: this is no text file.');
  stopIfRefused();

  const document = parseDocument(text, {
    schema,
    merge: false,
    resolveKnownTags: false,
    strict: true,
    stringKeys: true,
    // `inspect` does this: the library compares every key with every other, 40 s for a hostile file of 1 MiB.
    uniqueKeys: false,
    prettyErrors: false,
  });
  for (const { code, pos, message } of document.errors.slice(0, MAX_SYNTAX_PROBLEMS))
    if (code === 'RESOURCE_EXHAUSTION') refuse('TOO_DEEP', pos[0], TOO_DEEP);
    else refuse('BAD_YAML', pos[0], `This is no valid YAML: ${message.replace(/\.?$/, '.')}`);
  stopIfRefused();

  const pairs = inspect(document, refuse);
  stopIfRefused();

  return {
    value: document.toJS({ maxAliasCount: MAX_ALIASES }),
    has: (path) => find(path, document, pairs).complete,
    problem: (code, path, message) => ({ code, message, ...at(offsetOf(find(path, document, pairs).node)) }),
    problemAtKey(code, path, message) {
      const { node, key } = find(path, document, pairs);
      return { code, message, ...at(offsetOf(key ?? node)) };
    },
  };
}

/** Line and column of an offset, both from 1. */
function placesIn(text: string, file: string): (offset: number) => { file: string; line: number; column: number } {
  // Filled here: the parser forgets to count some lines after an error.
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) counter.addNewLine(index + 1);
  return (offset) => {
    const { line, col } = counter.linePos(offset);
    return { file, line, column: col };
  };
}

/** Refuses what YAML allows and a lab has no use for; returns the pairs of each map by their keys. */
function inspect(document: Document, refuse: Refuse): Pairs {
  const pairs: Pairs = new WeakMap();
  let aliases = 0;
  visit(document, {
    Node(_key, node, path) {
      const offset = offsetOf(node);
      if (path.filter(isCollection).length > MAX_DEPTH) {
        refuse('TOO_DEEP', offset, TOO_DEEP);
        return visit.BREAK;
      }
      if (!isAlias(node) && node.tag)
        refuse('TAG_NOT_ALLOWED', offset, `Tags such as ${JSON.stringify(node.tag)} are not allowed here.`);
      if (isScalar(node) && typeof node.value === 'string' && CONTROL_CHARACTER.test(node.value))
        refuse('CONTROL_CHARACTER', offset, 'This text holds a control character.');
      if (isMap<Node, Node>(node)) pairs.set(node, pairsByKey(node.items, refuse));
      return undefined;
    },
    Alias(_key, alias, path) {
      const offset = offsetOf(alias);
      aliases++;
      if (aliases > MAX_ALIASES) {
        refuse('TOO_MANY_ALIASES', offset, `There are more than ${MAX_ALIASES} aliases.`);
        return visit.BREAK;
      }
      if (!alias.resolve(document))
        refuse('BAD_YAML', offset, `Nothing before this alias has the anchor ${JSON.stringify(alias.source)}.`);
      // No alias of an alias: neither a bomb nor a circle can be built.
      if (path.some((parent) => 'anchor' in parent && parent.anchor))
        refuse('ALIAS_NESTED', offset, 'An alias may not stand inside of what an alias repeats.');
      return undefined;
    },
  });
  return pairs;
}

function pairsByKey(items: readonly Pair<Node, Node>[], refuse: Refuse): ReadonlyMap<unknown, Pair<Node, Node>> {
  const pairs = new Map<unknown, Pair<Node, Node>>();
  for (const pair of items) {
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    if (pairs.has(key))
      refuse('DUPLICATE_KEY', offsetOf(pair.key), `The key ${JSON.stringify(key)} stands here twice.`);
    pairs.set(key, pair);
  }
  return pairs;
}

interface Found {
  /** What stands at the path, or at the longest part of it that is there. */
  readonly node: Node | undefined;
  readonly key: Node | undefined;
  readonly complete: boolean;
}

function find(path: Path, document: Document, pairs: Pairs): Found {
  let found: Found = { node: asNode(document.contents), key: undefined, complete: true };
  for (const part of path) {
    const parent = isAlias(found.node) ? found.node.resolve(document) : found.node;
    const pair = isMap(parent) ? pairs.get(parent)?.get(part) : undefined;
    const next = isSeq(parent) && typeof part === 'number' ? asNode(parent.items[part]) : asNode(pair?.value);
    if (!next) return { node: found.node, key: undefined, complete: false };
    found = { node: next, key: pair?.key, complete: true };
  }
  return found;
}

function asNode(value: unknown): Node | undefined {
  return isScalar(value) || isCollection(value) || isAlias(value) ? value : undefined;
}

function offsetOf(node: Node | undefined): number {
  return node?.range?.[0] ?? 0;
}
