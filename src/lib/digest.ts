/** What tells whether something is what it was. */
import { createHash } from 'node:crypto';

/** `sha256:…` */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
