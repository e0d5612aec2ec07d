/** A terminal without a window: keys go in, and what a learner would see is read from its grid. */
import { Console } from 'node:console';
import type { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { vi } from 'vitest';
import type { Session } from '../../src/run/session.ts';
import type { Walk } from '../../src/run/walk.ts';
import { showWalk } from '../../src/ui/index.tsx';
import { type Given, walkOf } from '../plain/fixture.ts';

// Vitest's console has none, and Ink makes one while it owns the terminal.
Object.assign(console, { Console });

export const KEYS = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  pageDown: '\u001b[6~',
  backspace: '\u007f',
  controlC: '\u0003',
  controlJ: '\n',
} as const;

export interface Screen {
  readonly walk: Walk;
  /** Every session that was saved, in order. */
  readonly saved: readonly Session[];
  /** Everything that was ever written, escape codes included. */
  bytes(): string;
  /** The grid, without blanks at the right. */
  lines(): readonly string[];
  text(): string;
  /** Rows that are the continuation of the row above: lines wider than the window. */
  wrapped(): readonly string[];
  /** Presses keys one after the other. */
  press(...keys: readonly string[]): Promise<void>;
  /** Waits until the text stands on the screen. */
  sees(text: string | RegExp): Promise<void>;
  resize(columns: number, rows: number): void;
  /** How `showWalk` ended. */
  readonly ended: Promise<'quit' | 'interrupted'>;
}

export interface Window {
  readonly columns?: number;
  readonly rows?: number;
  readonly colour?: boolean;
}

const open: Screen[] = [];

export function showScreen(given: Given = {}, { columns = 80, rows = 24, colour = false }: Window = {}): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let bytes = '';
  const stdout = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        bytes += chunk;
        terminal.write(chunk, done);
      },
    }),
    { isTTY: true, columns, rows },
  );
  // A terminal in raw mode turns no line feed into a carriage return, but Ink leaves output processing on.
  terminal.options.convertEol = true;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const { walk, saved } = walkOf(given);
  const ended = showWalk(walk, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    colour,
    commandsOf: ({ id }) => `# ${id}\naws ec2 create-vpc --cidr-block 10.1.0.0/16`,
    ...(given.kind !== 'aws' && { sandboxHint: 'eval "$(labproof sandbox env)"' }),
  });

  function lines(): readonly string[] {
    const { active } = terminal.buffer;
    return Array.from(
      { length: terminal.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  }
  const screen: Screen = {
    walk,
    saved,
    ended,
    lines,
    bytes: () => bytes,
    text: () => lines().join('\n').trimEnd(),
    wrapped: () => lines().filter((_, row) => terminal.buffer.active.getLine(row)?.isWrapped),
    async press(...keys) {
      for (const key of keys) {
        const before = bytes.length;
        stdin.write(key);
        // A key is done when the screen has answered; some change nothing that can be seen.
        await vi
          .waitFor(() => bytes.length > before || Promise.reject(new Error('no answer')), { timeout: 80, interval: 5 })
          .catch(() => {});
      }
    },
    sees: (text) =>
      vi.waitFor(
        () => {
          const shown = screen.text();
          if (typeof text === 'string' ? !shown.includes(text) : !text.test(shown))
            throw new Error(`"${text}" is not on the screen:\n${shown}`);
        },
        { timeout: 5000, interval: 10 },
      ),
    resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows);
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
      (stdout as EventEmitter).emit('resize');
    },
  };
  open.push(screen);
  return screen;
}

/** Ends every walk that a test left on a screen. */
export async function closeScreens(): Promise<void> {
  for (const screen of open.splice(0)) {
    await screen.press(KEYS.controlC, KEYS.controlC);
    await screen.ended;
  }
}
