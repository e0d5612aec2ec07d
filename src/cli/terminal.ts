/** What the terminal can do. */

/** No colour when NO_COLOR is set, the stream is no terminal, or it is a dumb one (no-color.org). */
export function usesColour(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** The full-screen walk needs keys, a screen that can be redrawn, and eyes: a screen reader is served by the linear one. */
export function isInteractive(): boolean {
  return (
    process.env.INK_SCREEN_READER !== 'true' &&
    process.stdin.isTTY === true &&
    process.stdout.isTTY === true &&
    process.env.TERM !== 'dumb' &&
    !process.env.CI
  );
}
