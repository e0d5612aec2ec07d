/** Prints one answer, or one page of it, in the format asked for. */
import type { Printable } from './printable.ts';
import { tableOf } from './table.ts';
import { isDictionary, textOf } from './text.ts';

export const FORMATS = ['json', 'text', 'table'] as const;
export type Format = (typeof FORMATS)[number];

/** @param title The operation, for tables. @param width Of the terminal. */
export function formatted(format: Format, title: string, value: Printable, width: number): string {
  switch (format) {
    case 'text':
      return textOf(value);
    case 'table':
      return tableOf(title, value, width);
    default:
      return isDictionary(value) && Object.keys(value).length === 0 ? '' : `${JSON.stringify(value, null, 4)}\n`;
  }
}
