/** An account that gives recorded answers; what a test opened is closed after it. */
import { afterEach } from 'vitest';
import { openAccount } from '../../src/account/live.ts';
import type { Reading } from '../../src/model/account.ts';
import { type Recorded, replay } from './stub.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

export async function account(answers: Readonly<Record<string, readonly Recorded[]>>) {
  const stub = await replay(answers);
  const reader = openAccount(stub.target);
  closing.push(() => reader.close(), stub.close);
  return { stub, reader };
}

export function value<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(`it was not read: ${reading.unread.message}`);
  return reading.value;
}
