/**
 * A script's line as `sh` splits it into simple commands and their words (POSIX, Shell Command Language, 2.2 and 2.3).
 * Quotes and backslashes are taken away; what a shell would expand, redirect or pipe is refused.
 */

/** A simple command, and whether it depends on how the one before it ended. */
export interface Step {
  readonly joint: ';' | '&&' | '||';
  readonly words: string[];
}

/** Blanks, a comment, what joins two commands, or a word. */
const TOKEN =
  /(?<blank>\s+)|(?<comment>#.*)|(?<joint>&&|\|\||;)|(?<word>(?!~)(?:[^\s\\'"|&;<>()$`{}*?]|\\.|'[^']*'|"(?:[^"\\$`]|\\.)*")+)/sy;

/** What begins a compound command (POSIX, Shell Command Language, 2.4). */
const COMPOUND = /^\s*(if|for|while|until|case|select|function)(?!\S)/;

/** Of a line that does not run here: do lines below belong to it, as to a loop, a function or a here-document? */
export function goesOnBelow(line: string): boolean {
  return (COMPOUND.test(line) && !/\b(fi|done|esac)\s*$/.test(line)) || /<<|[{(]\s*$/.test(line);
}

/** The commands of a line, or why it is none that runs here. */
export function stepsOf(line: string): Step[] | string {
  const [, word] = COMPOUND.exec(line) ?? [];
  if (word !== undefined) return noShell(word);
  const steps: Step[] = [];
  let step: Step = { joint: ';', words: [] };
  const token = new RegExp(TOKEN);
  while (token.lastIndex < line.length) {
    const { lastIndex } = token;
    const { joint, word } = token.exec(line)?.groups ?? {};
    if (token.lastIndex === 0) return refusal(line.slice(lastIndex));
    if (word !== undefined) step.words.push(literal(word));
    if (!isJoint(joint)) continue;
    if (step.words.length === 0) return `syntax error near unexpected token \`${joint}'`;
    steps.push(step);
    step = { joint, words: [] };
  }
  if (step.words.length > 0) return [...steps, step];
  return step.joint === ';'
    ? steps
    : `this sandbox runs no command that goes on behind \`${step.joint}' on the next line`;
}

function isJoint(text: string | undefined): text is Step['joint'] {
  return text === ';' || text === '&&' || text === '||';
}

/** A word without its quotes and backslashes. */
function literal(word: string): string {
  return word.replace(
    /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs,
    (_, escaped?: string, single?: string, double?: string) =>
      escaped ?? single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? '',
  );
}

function refusal(rest: string): string {
  const [sign = ''] = rest;
  const expansion = /^"(?:[^"\\$`]|\\.)*([$`])/s.exec(rest)?.[1];
  if (expansion === undefined && /['"]/.test(sign)) return `unexpected EOF while looking for matching \`${sign}'`;
  return noShell(expansion ?? sign);
}

function noShell(sign: string): string {
  return `this sandbox runs simple commands and no shell syntax such as \`${sign}'`;
}
