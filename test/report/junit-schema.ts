/** JUnit XML, read back by libxml2 and held against the schema that its readers have in common. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';

const schema = XmlDocument.fromString(readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8'));
const validator = XsdValidator.fromDoc(schema);

/** @throws XmlValidateError, XmlParseError */
export function valid(xml: string): XmlDocument {
  const document = XmlDocument.fromString(xml);
  validator.validate(document);
  return document;
}

export function attributes(document: XmlDocument, path: string): Record<string, string>[] {
  return document
    .find(path)
    .filter((node) => node instanceof XmlElement)
    .map((element) => Object.fromEntries(element.attrs.map(({ name, value }) => [name, value])));
}
