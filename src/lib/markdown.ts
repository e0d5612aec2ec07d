/**
 * Markdown (GitHub's) from text that nobody vouches for: whatever a name, an answer or a log line holds, it stays text.
 * CommonMark 2.4: any ASCII punctuation may be escaped by a backslash.
 */
import { safe } from './terminal-text.ts';

/** One line of plain text that may stand anywhere: in a heading, a sentence, a table's cell. */
export function inline(text: string): string {
  return (
    safe(text)
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\\`*_[\]|~$&@]/g, '\\$&')
      .replaceAll('<', '&lt;')
      // GFM 6.9, "extended autolinks": a bare address would become a link.
      .replaceAll('://', '\\://')
      .replace(/(www)\./gi, '$1\\.')
      .replace(/^([#+\-=:>]|\d+(?=[.)](?: |$)))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
  );
}

/** Text of several lines as a quotation: line breaks and paragraphs stay. */
export function quote(text: string): string {
  const paragraphs = safe(text)
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split('\n').map(inline).filter(Boolean));
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => `> ${lines.join('\\\n> ')}`)
    .join('\n>\n');
}

/** An id, a name, a value as code. What holds more than such things do is shown as plain text, so that it cannot end the code. */
export function code(text: string): string {
  return /^[\w.:/@+=,-]+(?: [\w.:/@+=,-]+)*$/.test(text) ? `\`${text}\`` : inline(text);
}

/** A block shown as it is, in a fence longer than any in the content. */
export function fence(content: string, language = 'text'): string {
  const text = safe(content).replace(/\n+$/, '');
  const longest = text.match(/`+/g)?.reduce((most, { length }) => Math.max(most, length), 2) ?? 2;
  const bar = '`'.repeat(longest + 1);
  return `${bar}${language}\n${text}\n${bar}`;
}

/** A table of cells that are Markdown already (`inline`, `code`). Rows are filled up or cut to the header's width. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${header.map((_, column) => cells[column] ?? '').join(' | ')} |`;
  return [line(header), `| ${header.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}
