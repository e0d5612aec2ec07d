/** What an option of a command is, whether it comes from a schema or from the AWS CLI's own additions. */
import type { Shape } from '../account/shape.ts';

/** One word of a value; bytes where it came from `fileb://`. */
export type Word = string | Uint8Array;

/** What stood behind the option. Nothing at all behind a flag, and where `optional` was left bare. */
export type Given = readonly Word[];

/** The operation's input while it is put together. */
export type Parameters = Record<string, unknown>;

export interface Option {
  /** Without its dashes. */
  readonly name: string;
  readonly takes: 'nothing' | 'one' | 'optional' | 'many';
  readonly required?: boolean;
  /** For `help`, and for reading the value. */
  readonly shape?: Shape;
  readonly about?: string;
  /** Puts what was given into the input. @throws Misuse */
  set(input: Parameters, given: Given): void;
}

export type OptionTable = Map<string, Option>;
