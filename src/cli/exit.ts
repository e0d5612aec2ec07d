/** Exit codes and the one way in which a command says that it could not do what it was asked (contract: Exit codes, Streams). */
import type { Verdict } from '../check.ts';
import { jsonText } from '../lib/json.ts';
import { brief } from '../lib/terminal-text.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2, unknown: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'pass':
      return EXIT.ok;
    case 'unknown':
    case 'waiting':
      return EXIT.unknown;
    default:
      return EXIT.failed;
  }
}

export interface ProblemDetail {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Anything that ends a command with one clear message instead of a result. */
export class CliError extends Error {
  readonly exit: ExitCode;
  readonly details: readonly ProblemDetail[];
  constructor(exit: ExitCode, ...details: readonly [ProblemDetail, ...ProblemDetail[]]) {
    super(details[0].message);
    this.name = 'CliError';
    this.exit = exit;
    this.details = details;
  }
}

export function usage(message: string): CliError {
  return new CliError(EXIT.usage, { code: 'USAGE', message });
}

/** A lab with many mistakes tells each of them. */
const LONGEST_ERROR = 10_000;

/** The error on stderr for people, or as the one JSON document on stdout. */
export function printError(error: CliError, json: boolean): void {
  if (json) {
    process.stdout.write(jsonText({ error: error.details[0] }));
    return;
  }
  for (const { message, file, line, column } of error.details) {
    const where = file ? `${[file, line, column].filter((part) => part !== undefined).join(':')}: ` : '';
    // A line break in a name makes no line that could be taken for one of ours.
    process.stderr.write(`labproof: ${brief(where + message, LONGEST_ERROR).replaceAll('\n', '\n  ')}\n`);
  }
}
