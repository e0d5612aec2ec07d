/**
 * ECMA-48 (5.4, 5.6): control strings, such as window titles and links, and control sequences, such as colours. Nothing in
 * them may begin another, so that the time is linear in the text: Node's `stripVTControlCharacters` looks to the end of the
 * text for each `ESC ]`, which takes minutes for a log line of 1 MiB. And none swallows the quotation mark of a shell
 * behind it: a command whose quoted name lost its end would run the rest.
 */
const SEQUENCES =
  /(?:\u001b[P\]X^_]|[\u0090\u0098\u009d-\u009f])\P{Cc}*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[@-~]?/gu;

/**
 * Text that came from a cloud, a file or a learner, made harmless for a terminal and for a document: without escape
 * sequences, control characters (newline and tab stay), characters that turn the reading direction (they make a line
 * show other than it is: Unicode TR 36, 2.7) and halves of surrogate pairs.
 */
export function safe(text: string): string {
  return text
    .replace(SEQUENCES, '')
    .replace(/(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu, '')
    .toWellFormed();
}

/** A sentence of ours has at most some 400 characters, and a log group's name, the longest that AWS takes, 512. */
const LONGEST = 1000;
/** Of a name among others, where each has a line or two. */
export const LONGEST_NAME = 200;

/**
 * `safe`, and cut in the middle where it is longer than a reader reads: what an account holds has no length that can be
 * relied on (a snapshot is a file that anybody can write), and one name must not push all else off the screen. The cut is
 * made where text is shown and not where it enters a message: there it is one place and not fifty, lists are cut like
 * names, a sentence keeps its beginning and its end, and the JSON documents keep all of it.
 */
export function brief(text: string, longest = LONGEST): string {
  const whole = safe(text);
  if (whole.length <= longest) return whole;
  const last = Math.floor(longest / 4);
  // The cut may leave half of a surrogate pair.
  return `${whole.slice(0, longest - last)} … ${whole.slice(-last)}`.replace(/\p{Surrogate}/gu, '');
}

/** `brief` on one line, so that nothing in it can pass for another line of ours. */
export function oneLine(text: string, longest = LONGEST): string {
  return brief(safe(text).replace(/\s+/g, ' ').trim(), longest);
}

/** A command of ours with a policy in it has some 500 characters. */
const LONGEST_COMMAND = 4000;

/** Ready to paste, so whole or not at all. */
export function commandText(command: string): string {
  return command.length > LONGEST_COMMAND ? '(too long to be shown)' : safe(command);
}
