import type { AwsError } from './service.ts';

/** One page of a list. The token is the index at which the next page begins; a foreign token gets `refusal`. */
export function page<T>(
  all: readonly T[],
  size: number,
  token: string | undefined,
  refusal: AwsError,
): { items: T[]; nextToken: string | undefined } {
  const start = token === undefined ? 0 : indexIn(token);
  if (start === undefined || start > all.length) throw refusal;
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? tokenFor(end) : undefined };
}

function tokenFor(index: number): string {
  return Buffer.from(`page:${index}`).toString('base64');
}

function indexIn(token: string): number | undefined {
  const match = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString());
  return match ? Number(match[1]) : undefined;
}
