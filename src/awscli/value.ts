/** From the words behind an option to a value of its shape: plain text, JSON, shorthand, and what files hold. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { ListShape, MapShape, Shape, StructureShape } from '../account/shape.ts';
import { messageOf } from '../lib/message.ts';
import { badValue, Misuse } from './misuse.ts';
import type { Given, Word } from './option.ts';
import { type Parsed, parseShorthand } from './shorthand.ts';

/** @param option Its name, for messages. @throws Misuse */
export function readValue(option: string, shape: Shape, given: Given): unknown {
  const words = given.length === 1 ? [loaded(option, given[0] ?? '')] : given;
  if (shape.kind === 'list') return readList(option, shape, words);
  return readWord(option, shape, words[0] ?? '');
}

/** `file://` gives a file's text, `fileb://` its bytes. */
export function loaded(option: string, word: Word): Word {
  const [, binary, written] = (typeof word === 'string' && /^file(b?):\/\/(.*)$/s.exec(word)) || [];
  if (written === undefined) return word;
  const path = written.replace(/^~(?=\/|$)/, homedir());
  try {
    const bytes = readFileSync(path);
    return binary === '' ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) : bytes;
  } catch (error) {
    const why = error instanceof TypeError ? 'it is no text. Use fileb:// for a binary file.' : messageOf(error);
    throw badValue(option, `Unable to load paramfile ${word}: ${why}`);
  }
}

function readList(option: string, { member }: ListShape, words: Given): unknown {
  const [only] = words;
  if (words.length === 1 && typeof only === 'string' && only.trimStart().startsWith('[')) return json(option, only);
  return words.map((word) => readWord(option, member, word));
}

function readWord(option: string, shape: Shape, word: Word): unknown {
  if (typeof word !== 'string') return shape.kind === 'blob' ? word : Buffer.from(word).toString();
  switch (shape.kind) {
    case 'list':
      return word.trimStart().startsWith('[') ? json(option, word) : shorthand(option, shape, word);
    case 'map':
    case 'structure':
      return readStructure(option, shape, word);
    case 'boolean':
      return word.toLowerCase() !== 'false';
    case 'number':
      return readNumber(word);
    default:
      return word;
  }
}

function readStructure(option: string, shape: StructureShape | MapShape, word: string): unknown {
  if (word.trimStart().startsWith('{')) return json(option, word);
  // A structure of one `Value`, such as EC2's AttributeValue, may be given as that value alone.
  const only = shape.kind === 'structure' && shape.members.size === 1 ? shape.members.get('Value') : undefined;
  if (only?.shape.kind === 'string' && !word.includes('=')) return { Value: word };
  return shorthand(option, shape, word);
}

function shorthand(option: string, shape: Shape, word: string): unknown {
  try {
    return typed(shape, parseShorthand(word));
  } catch (error) {
    throw error instanceof Misuse ? badValue(option, error.message) : error;
  }
}

/** Shorthand knows only text: the shape says what is a number, and what is a list although it has one member. */
function typed(shape: Shape, parsed: Parsed): unknown {
  switch (shape.kind) {
    case 'list': {
      const members: readonly Parsed[] = Array.isArray(parsed) ? parsed : [parsed];
      return members.map((member) => typed(shape.member, member));
    }
    case 'map':
      return mapped(parsed, () => shape.value);
    case 'structure':
      return mapped(parsed, (key) => shape.members.get(key)?.shape);
    case 'number':
      return typeof parsed === 'string' ? readNumber(parsed) : parsed;
    case 'boolean':
      return { true: true, false: false }[String(parsed).toLowerCase()] ?? parsed;
    default:
      return parsed;
  }
}

function mapped(parsed: Parsed, shapeOf: (key: string) => Shape | undefined): unknown {
  if (typeof parsed !== 'object' || Array.isArray(parsed)) return parsed;
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => {
      const shape = shapeOf(key);
      return [key, shape ? typed(shape, value) : value];
    }),
  );
}

function readNumber(word: string): number {
  const number = Number(word);
  if (word.trim() === '' || Number.isNaN(number)) throw new Misuse(`'${word}' is no number`);
  return number;
}

export function json(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badValue(option, `Invalid JSON: ${messageOf(error)}\nJSON received: ${text}`);
  }
}
