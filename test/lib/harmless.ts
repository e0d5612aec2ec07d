/** What no output may hold, whatever names and log lines it shows. */

/** Control characters but line breaks and tabs, what turns the reading direction, and halves of surrogate pairs. */
const ACTING = /(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]|\p{Surrogate}/gu;
const COLOUR = /\u001b\[(?:\d{1,2}(?:;\d{1,2})*)?m/g;

/** The bytes of a text that a terminal would act on, or that are no text at all, with what stands around them. */
export function acting(bytes: Uint8Array | string, { colour = false } = {}): readonly string[] {
  const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const plain = colour ? text.replace(COLOUR, '') : text;
  // Where this is shown, nothing acts either.
  return [...plain.matchAll(ACTING)].map(({ index }) =>
    plain
      .slice(Math.max(0, index - 30), index + 10)
      .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`),
  );
}

/** What is left of a Markdown text without its fenced blocks (CommonMark 4.5). */
export function outsideFences(markdown: string): { lines: string[]; open: boolean } {
  const lines: string[] = [];
  let bar: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, run, rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (bar === undefined && run !== undefined) bar = run;
    else if (bar !== undefined) {
      if (run?.startsWith(bar) && rest.trim() === '') bar = undefined;
    } else lines.push(line);
  }
  return { lines, open: bar !== undefined };
}

export function headingsOf(markdown: string): readonly string[] {
  return outsideFences(markdown).lines.filter((line) => /^#{1,6} /.test(line));
}

/** Lines of a Markdown text where a word of others became a link, an image, HTML, or a cell or block of its own. */
export function brokenOut(markdown: string): readonly string[] {
  const { lines, open } = outsideFences(markdown);
  const found = open ? ['a fence is left open'] : [];
  let columns = 0;
  for (const line of lines) {
    const prose = line.replace(/`[^`]*`/g, 'code');
    if (/<|(?<!\\)(?:[[\]]|:\/\/|`)|www\.|^(?: {4}|\t)/.test(prose)) found.push(line);
    const pipes = line.match(/(?<!\\)\|/g)?.length ?? 0;
    const isRow = line.startsWith('|');
    if (isRow ? columns > 0 && pipes !== columns : pipes > 0) found.push(line);
    columns = isRow ? pipes : 0;
  }
  return found;
}
