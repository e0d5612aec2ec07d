/** User Guide, "String functions". */
import { isTrue, numberOf, textOf, truth } from '../value.ts';
import { refuseLength, type ScalarFunction, texts, values } from './function.ts';

export const textFunctions: Readonly<Record<string, ScalarFunction>> = {
  isempty: values(1, 1, (value) => truth(value === undefined || value === '')),
  isblank: values(1, 1, (value) => truth(value === undefined || textOf(value).trim() === '')),
  concat: texts(1, 100, (...parts) => {
    refuseLength(parts.reduce((sum, part) => sum + part.length, 0));
    return parts.join('');
  }),
  ltrim: texts(1, 2, (text, characters) => text.slice(leading(text, characters))),
  rtrim: texts(1, 2, (text, characters) => text.slice(0, text.length - trailing(text, characters))),
  trim: texts(1, 2, (text, characters) => {
    const start = text.slice(leading(text, characters));
    return start.slice(0, start.length - trailing(start, characters));
  }),
  strlen: texts(1, 1, (text) => [...text].length),
  toupper: texts(1, 1, (text) => text.toUpperCase()),
  tolower: texts(1, 1, (text) => text.toLowerCase()),
  substr: values(2, 3, (text, start, length) => {
    const from = numberOf(start);
    if (text === undefined || from === undefined || from < 0) return undefined;
    const end = length === undefined ? undefined : from + Math.max(0, numberOf(length) ?? 0);
    return [...textOf(text)].slice(from, end).join('');
  }),
  replace: texts(3, 3, (text, search, replacement) => {
    if (search === '') return text;
    const parts = text.split(search);
    refuseLength(text.length + (parts.length - 1) * (replacement.length - search.length));
    return parts.join(replacement);
  }),
  strcontains: values(2, 3, (text, search, insensitive) => {
    if (text === undefined || search === undefined) return 0;
    const fold = (value: string) => (isTrue(insensitive) ? value.toLowerCase() : value);
    return truth(fold(textOf(text)).includes(fold(textOf(search))));
  }),
  startswith: texts(2, 2, (text, search) => truth(text.startsWith(search))),
  endswith: texts(2, 2, (text, search) => truth(text.endsWith(search))),
  urlencode: texts(1, 1, (text) => encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+')),
  urldecode: texts(1, 1, (text) => decoded(text)),
  base64encode: texts(1, 1, (text) => Buffer.from(text).toString('base64')),
  base64decode: texts(1, 1, (text) => Buffer.from(text, 'base64').toString()),
  split: texts(2, 2, (text, delimiter) => text.split(delimiter)),
  hextoascii: texts(1, 1, (text) => Buffer.from(text, 'hex').toString('latin1')),
  hextodec: texts(1, 1, (text) => (/^(0x)?[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined)),
  dectohex: values(1, 1, (value) => {
    const number = Math.trunc(numberOf(value) ?? Number.NaN);
    return Number.isNaN(number) ? undefined : `${number < 0 ? '-' : ''}0x${Math.abs(number).toString(16)}`;
  }),
};

/** How many characters at the start are white space, or of those given. */
function leading(text: string, characters: string | undefined): number {
  if (characters === undefined) return text.length - text.trimStart().length;
  let count = 0;
  while (count < text.length && characters.includes(text.charAt(count))) count += 1;
  return count;
}

function trailing(text: string, characters: string | undefined): number {
  if (characters === undefined) return text.length - text.trimEnd().length;
  let count = 0;
  while (count < text.length && characters.includes(text.charAt(text.length - 1 - count))) count += 1;
  return count;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return undefined;
  }
}
