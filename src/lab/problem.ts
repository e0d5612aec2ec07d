/** What is wrong with a lab, and where. */
export interface LabProblem {
  /** `UPPER_SNAKE`, stable. */
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column?: number;
}

const SHOWN = 20;

/** A lab that cannot be used. Nothing of it is: all its problems are told at once. */
export class LabError extends Error {
  readonly problems: readonly LabProblem[];
  constructor(problems: readonly LabProblem[]) {
    const lines = problems.slice(0, SHOWN).map(({ file, line, column, message }) => {
      const place = [file, line, column].filter((part) => part !== undefined).join(':');
      return place ? `${place}: ${message}` : message;
    });
    if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more.`);
    super(lines.join('\n'));
    this.name = 'LabError';
    this.problems = problems;
  }
}
