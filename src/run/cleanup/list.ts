/** Lists for the plan: every page, each item parsed, and what could not be read remembered as a gap. */
import { z } from 'zod';
import { CallError, type CallSender } from '../../account/reader.ts';
import type { Gap } from './types.ts';

type Input = Readonly<Record<string, unknown>>;

/** How each service asks for the next page: member of the output, member of the input. */
const TOKENS: Readonly<Record<string, readonly [output: string, input: string]>> = {
  ec2: ['NextToken', 'NextToken'],
  iam: ['Marker', 'Marker'],
  logs: ['nextToken', 'nextToken'],
};

export interface Lister {
  /** Every item under `key`; empty, with a gap, where it could not be read. */
  list<T>(call: string, input: Input, key: string, item: z.ZodType<T>): Promise<T[]>;
  /** What stands under `key`; undefined where AWS says that there is none, or, with a gap, where it could not be read. */
  one<T>(call: string, input: Input, key: string, item: z.ZodType<T>): Promise<T | undefined>;
  gaps(): readonly Gap[];
}

export function listWith(sender: CallSender, signal: AbortSignal): Lister {
  const gaps = new Map<string, Gap>();
  const attempt = async <T>(call: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CallError && /NotFound|NoSuchEntity/.test(error.code)) return undefined;
      if (error instanceof CallError) gaps.set(call, { action: call, message: error.message });
      else if (error instanceof z.ZodError) gaps.set(call, { action: call, message: 'the answer is not one of AWS' });
      else throw error;
      return undefined;
    }
  };

  async function list<T>(call: string, input: Input, key: string, item: z.ZodType<T>): Promise<T[]> {
    const [output = '', next = ''] = TOKENS[call.split(':')[0] ?? ''] ?? [];
    const page = z.object({ [key]: z.array(item).default([]), [output]: z.string().optional() });
    const items: T[] = [];
    await attempt(call, async () => {
      let token: string | undefined;
      do {
        const answer = page.parse(await sender.send(call, { ...input, ...(token && { [next]: token }) }, signal));
        for (const item of answer[key] as T[]) items.push(item);
        const following = answer[output] as string | undefined;
        token = following === token ? undefined : following;
      } while (token);
    });
    return items;
  }

  return {
    list,
    one: (call, input, key, item) =>
      attempt(call, async () => item.parse(Reflect.get(Object(await sender.send(call, input, signal)), key))),
    gaps: () => [...gaps.values()],
  };
}
