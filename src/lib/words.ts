/** Words of our own sentences, and those of others within them. */
import { safe } from './terminal-text.ts';

/** `1 check`, `4 checks`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** One line for people, whatever the text holds. */
export function line(text: string): string {
  return safe(text).replace(/\s+/g, ' ').trim();
}
