/** What is wrong with a file of the instructor: all of it is told at once, and nothing of the file is used. */
import { safe } from '../../lib/terminal-text.ts';
import { FileError, type FileProblem } from '../../lib/text-file.ts';

/** Where something stands in a file; both from 1. */
export interface Place {
  readonly line: number;
  readonly column?: number;
}

/** More would only scroll by; how many more there are is told. */
const MOST = 50;

export class Problems {
  readonly #file: string;
  readonly #found: FileProblem[] = [];
  #more = 0;
  constructor(file: string) {
    this.#file = file;
  }

  /** The place and the message are made up only if they will be shown. */
  add(code: string, place: () => Place | undefined, message: string | (() => string)): void {
    if (this.#found.length >= MOST) {
      this.#more += 1;
      return;
    }
    const text = typeof message === 'string' ? message : message();
    this.#found.push({ code, message: safe(text), file: this.#file, ...place() });
  }

  /** @throws FileError if there are any, in the file's order. */
  throwIfAny(): void {
    const [first, ...rest] = this.#found.toSorted(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    if (!first) return;
    if (this.#more > 0)
      rest.push({ code: 'MORE_PROBLEMS', message: `… and ${this.#more} more problems.`, file: this.#file });
    throw new FileError(first, ...rest);
  }
}
