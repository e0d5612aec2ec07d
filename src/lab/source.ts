/** A YAML file of an author: parsed strictly, its positions kept, its tricks refused. */
import { open, stat } from 'node:fs/promises';
import {
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

const MAX_BYTES = 1024 * 1024;
/** A lab is about ten deep; policy documents are texts. */
const MAX_DEPTH = 32;
const MAX_ALIASES = 64;
const MAX_SYNTAX_PROBLEMS = 100;
const TOO_DEEP = `This is nested more than ${MAX_DEPTH} deep.`;

export type Path = readonly PropertyKey[];

/** A parsed file, and where its parts stand. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  has(path: Path): boolean;
  /** A problem at the value of this path, or at what is nearest above it. */
  problem(code: string, path: Path, message: string): LabProblem;
  /** The same at the key itself. */
  problemAtKey(code: string, path: Path, message: string): LabProblem;
}

/** The bytes of a regular file of at most 1 MiB. Rejects with a `LabError`. */
export async function readBytes(file: string): Promise<Buffer> {
  const refuse = (code: string, message: string) => new LabError([{ code, message, file }]);
  try {
    // A pipe or a device would never end: only what is known to be a file is opened.
    const { size } = await stat(file).then((found) => {
      if (found.isDirectory()) throw refuse('NOT_A_FILE', 'This is a folder. Name the lab.yaml in it.');
      if (!found.isFile()) throw refuse('NOT_A_FILE', 'This is no regular file.');
      return found;
    });
    if (size > MAX_BYTES) throw refuse('TOO_LARGE', `This file has ${size} bytes; 1 MiB is the most.`);
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
      if (bytesRead > MAX_BYTES) throw refuse('TOO_LARGE', 'This file has more than 1 MiB.');
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refuse('NOT_FOUND', 'There is no such file.');
    throw refuse('UNREADABLE', `This file cannot be read (${String(code ?? error)}).`);
  }
}

/** Text of UTF-8 bytes. Throws a `LabError` for anything else. */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LabError([{ code: 'NOT_TEXT', message: 'This is no text file (its bytes are not UTF-8).', file }]);
  }
}

/** Parses one YAML 1.2 document. Throws a `LabError` with every problem of its syntax. */
export function parseSource(text: string, file: string): Source {
  // Filled here: the parser forgets to count some lines after an error.
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) counter.addNewLine(index + 1);
  const at = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { file, line, column: col };
  };
  const problems: LabProblem[] = [];
  const refuse = (code: string, offset: number, message: string) => problems.push({ code, message, ...at(offset) });

  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
  const document = parseDocument(text, {
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    strict: true,
    stringKeys: true,
    // Checked below: the library compares every key with every other, 40 s for a hostile file of 1 MiB.
    uniqueKeys: false,
    prettyErrors: false,
  });
  const binary = control.exec(text);
  if (binary) {
    refuse('NOT_TEXT', binary.index, 'There is a control character here: this is no text file.');
    throw new LabError(problems);
  }
  for (const { code, pos, message } of document.errors.slice(0, MAX_SYNTAX_PROBLEMS))
    if (code === 'RESOURCE_EXHAUSTION') refuse('TOO_DEEP', pos[0], TOO_DEEP);
    else refuse('BAD_YAML', pos[0], `This is no valid YAML: ${message.replace(/\.?$/, '.')}`);
  if (problems.length > 0) throw new LabError(problems);

  const pairsOf = new WeakMap<object, ReadonlyMap<unknown, Pair<Node, Node>>>();
  let aliases = 0;
  visit(document, {
    Node(_key, node, path) {
      const offset = node.range?.[0] ?? 0;
      if (path.filter(isCollection).length > MAX_DEPTH) {
        refuse('TOO_DEEP', offset, TOO_DEEP);
        return visit.BREAK;
      }
      if (isAlias(node)) {
        aliases++;
        if (!node.resolve(document))
          refuse(
            'BAD_YAML',
            offset,
            `This is no valid YAML: nothing before this has the anchor ${JSON.stringify(node.source)}.`,
          );
        if (path.some((parent) => 'anchor' in parent && parent.anchor))
          refuse('ALIAS_NESTED', offset, 'An alias may not stand inside of what an alias repeats.');
        if (aliases > MAX_ALIASES) {
          refuse('TOO_MANY_ALIASES', offset, `There are more than ${MAX_ALIASES} aliases.`);
          return visit.BREAK;
        }
      } else if (node.tag) {
        refuse('TAG_NOT_ALLOWED', offset, `Tags such as ${JSON.stringify(node.tag)} are not allowed in a lab.`);
      }
      if (isMap<Node, Node>(node)) {
        const pairs = new Map<unknown, Pair<Node, Node>>();
        for (const pair of node.items) {
          const key = isScalar(pair.key) ? pair.key.value : undefined;
          if (pairs.has(key))
            refuse('DUPLICATE_KEY', pair.key.range?.[0] ?? offset, `The key ${JSON.stringify(key)} stands here twice.`);
          pairs.set(key, pair);
        }
        pairsOf.set(node, pairs);
      }
      if (isScalar(node) && typeof node.value === 'string' && control.test(node.value))
        refuse('CONTROL_CHARACTER', offset, 'This text holds a control character.');
      return undefined;
    },
  });
  if (problems.length > 0) throw new LabError(problems);

  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  function find(path: Path): { node: Node | undefined; key: Node | undefined; complete: boolean } {
    let node: unknown = document.contents;
    let key: Node | undefined;
    for (const part of path) {
      const parent = resolve(node);
      let next: unknown;
      if (isMap(parent)) {
        const pair = pairsOf.get(parent)?.get(part);
        next = pair?.value;
        key = pair?.key;
      } else if (isSeq(parent) && typeof part === 'number') {
        next = parent.items[part];
        key = undefined;
      }
      if (!next) return { node: asNode(node), key: undefined, complete: false };
      node = next;
    }
    return { node: asNode(node), key, complete: true };
  }

  return {
    file,
    value: document.toJS({ maxAliasCount: MAX_ALIASES }),
    has: (path) => find(path).complete,
    problem: (code, path, message) => ({ code, message, ...at(find(path).node?.range?.[0] ?? 0) }),
    problemAtKey(code, path, message) {
      const { node, key } = find(path);
      return { code, message, ...at((key ?? node)?.range?.[0] ?? 0) };
    },
  };
}

function asNode(value: unknown): Node | undefined {
  return isScalar(value) || isCollection(value) || isAlias(value) ? value : undefined;
}
