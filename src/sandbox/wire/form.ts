/** Form-encoded parameters (`Filter.1.Value.2=x`) read by a schema: what ec2Query and awsQuery share. */
import type { AwsError } from '../service.ts';
import type { NormalizedSchema } from './schema.ts';

interface Parameter {
  value: string | undefined;
  readonly children: Map<string, Parameter>;
}

/** Where the two query protocols differ. */
export interface FormDialect {
  /** The name of a structure's member on the wire. */
  key(name: string, member: NormalizedSchema): string;
  /** The element between a list's name and its numbers (`member`), or `undefined` where the list is flat. */
  wrapper(list: NormalizedSchema): string | undefined;
  /** Called with a parameter that the operation does not have. */
  unknown?(path: string): AwsError;
  invalid(path: string, value: string, expected: string): AwsError;
}

/** `Action` and `Version` head every form. */
const ENVELOPE = new Set(['Action', 'Version']);
// XML 1.0, 2.2 Characters: what no answer could carry back.
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export function formAction(body: string): string | undefined {
  return new URLSearchParams(body).get('Action') ?? undefined;
}

export function readForm(schema: NormalizedSchema, body: string, dialect: FormDialect): object {
  const root: Parameter = { value: undefined, children: new Map() };
  for (const [name, value] of new URLSearchParams(body)) {
    if (ENVELOPE.has(name)) continue;
    if (NOT_XML.test(name) || NOT_XML.test(value)) throw dialect.invalid(name, '', 'text without control characters');
    let node = root;
    for (const part of name.split('.')) {
      let next = node.children.get(part);
      if (next === undefined) {
        next = { value: undefined, children: new Map() };
        node.children.set(part, next);
      }
      node = next;
    }
    node.value = value;
  }
  return readStructure(schema, root, '', dialect);
}

function readStructure(schema: NormalizedSchema, node: Parameter, path: string, dialect: FormDialect): object {
  const result: Record<string, unknown> = {};
  const known = new Set<string>();
  for (const [name, member] of schema.structIterator()) {
    const key = dialect.key(name, member);
    known.add(key);
    const child = node.children.get(key);
    if (child !== undefined) result[name] = read(member, child, path === '' ? key : `${path}.${key}`, dialect);
  }
  if (dialect.unknown) {
    for (const key of node.children.keys()) {
      if (!known.has(key)) throw dialect.unknown(path === '' ? key : `${path}.${key}`);
    }
  }
  return result;
}

function read(schema: NormalizedSchema, node: Parameter, path: string, dialect: FormDialect): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node, path, dialect);
  if (schema.isListSchema()) return readList(schema, node, path, dialect);
  return readSimple(schema, node.value ?? '', path, dialect);
}

function readList(schema: NormalizedSchema, node: Parameter, path: string, dialect: FormDialect): unknown[] {
  const wrapper = dialect.wrapper(schema);
  const items = wrapper === undefined ? node : node.children.get(wrapper);
  const numbered = [...(items?.children ?? [])].map(([key, child]) => ({ key, child, index: Number(key) }));
  const stray = numbered.find(({ index }) => !Number.isInteger(index));
  if (stray) throw (dialect.unknown ?? ((at) => dialect.invalid(at, '', 'a number')))(`${path}.${stray.key}`);
  const member = schema.getValueSchema();
  return numbered
    .sort((a, b) => a.index - b.index)
    .map(({ key, child }) => read(member, child, `${path}.${key}`, dialect));
}

function readSimple(schema: NormalizedSchema, text: string, path: string, dialect: FormDialect): unknown {
  if (schema.isBooleanSchema()) {
    if (/^true$/i.test(text)) return true;
    if (/^false$/i.test(text)) return false;
    throw dialect.invalid(path, text, 'a boolean');
  }
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) throw dialect.invalid(path, text, 'a number');
    return number;
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) throw dialect.invalid(path, text, 'a timestamp');
    return date;
  }
  return schema.isBlobSchema() ? new Uint8Array(Buffer.from(text, 'base64')) : text;
}
