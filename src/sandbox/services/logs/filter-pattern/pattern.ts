/**
 * Filter patterns ("Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail",
 * CloudWatch Logs User Guide): terms, `{ … }` for JSON, `[ … ]` for lines of fields with spaces between.
 */
import { parseFieldsPattern } from './fields.ts';
import { parseJsonPattern } from './json.ts';
import { parseTerms } from './terms.ts';

/** What a pattern took out of a message, by its selectors; absent where the message does not match. */
export type Extracted = Readonly<Record<string, string>> | undefined;
export type FilterPattern = (message: string) => Extracted;

/** @throws AwsError for a pattern that cannot be understood. */
export function parseFilterPattern(pattern: string): FilterPattern {
  const trimmed = pattern.trim();
  if (trimmed.startsWith('{')) return parseJsonPattern(trimmed);
  if (trimmed.startsWith('[')) return parseFieldsPattern(trimmed);
  const matches = parseTerms(trimmed);
  return (message) => (matches(message) ? {} : undefined);
}
