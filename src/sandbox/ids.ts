/** Random numbers and ids that follow from the world's seed, so that a run can be repeated. */
import type { WorldState } from './world.ts';

/** The next number in [0, 1) of the world's sequence (mulberry32, indexed by the number of draws). */
export function draw(world: WorldState): number {
  world.draws += 1;
  let state = (world.seed + Math.imul(world.draws, 0x6d2b79f5)) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}

/** An index below `count`. */
export function pick(random: () => number, count: number): number {
  return Math.floor(random() * count);
}

function letters(random: () => number, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(pick(random, alphabet.length))).join('');
}

/** An EC2 resource id: prefix and 17 hexadecimal digits, the first of them 0 as in AWS's own. */
export function resourceId(random: () => number, prefix: string): string {
  return `${prefix}-0${letters(random, '0123456789abcdef', 16)}`;
}

/** An IAM unique id (IAM User Guide, Unique identifiers). */
export function iamId(random: () => number, prefix: 'AROA' | 'ANPA' | 'AIPA' | 'AIDA' | 'AGPA'): string {
  return prefix + letters(random, BASE32, 17);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * `AKIA…` for a user's own keys, `ASIA…` for temporary ones. The last three letters follow from the others, so that a key
 * that was issued here is known as such after it is forgotten: it must not pass for one that anybody may make up.
 */
export function accessKeyId(random: () => number, prefix: 'AKIA' | 'ASIA'): string {
  const start = prefix + letters(random, BASE32, 13);
  return start + checkLetters(start);
}

export function isIssuedHere(keyId: string): boolean {
  return /^A[KS]IA[A-Z2-7]{16}$/.test(keyId) && keyId.endsWith(checkLetters(keyId.slice(0, 17)));
}

/** FNV-1a, 15 bits of it. */
function checkLetters(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return [0, 5, 10].map((shift) => BASE32.charAt((hash >>> shift) & 31)).join('');
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A secret access key, or a session token, in AWS's form. */
export function secret(random: () => number, length: number): string {
  return letters(random, BASE64, length);
}

export function uuid(random: () => number): string {
  const hex = letters(random, '0123456789abcdef', 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
