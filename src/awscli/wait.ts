/** Asks as one of the AWS CLI's waiters does, and gives up in its words (botocore/waiter.py). */
import jmespath from 'jmespath';
import { AwsRefusal, type Output } from '../account/caller.ts';
import type { Acceptor, Look, Waiter } from './waiters.ts';

/** AWS's answer to one attempt, or its error. */
type Answer = Output | AwsRefusal;

/**
 * @param ask One attempt. @param sleep Milliseconds.
 * @throws Error in the AWS CLI's words where the waiter gives up, and whatever `ask` throws but AwsRefusal.
 */
export async function waitFor(
  name: string,
  { delay, maxAttempts, acceptors }: Waiter,
  ask: () => Promise<Output>,
  sleep: (ms: number) => Promise<unknown>,
): Promise<void> {
  const failed = (why: string) => new Error(`Waiter ${name} failed: ${why}`);
  let accepted: Acceptor | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await answerOf(ask);
    const fitting = acceptors.find(({ look }) => fits(look, answer));
    accepted = fitting ?? accepted;
    if (fitting?.state === 'success') return;
    if (fitting?.state === 'failure')
      throw failed(`Waiter encountered a terminal failure state: ${explained(fitting.look)}`);
    if (!fitting && answer instanceof AwsRefusal) throw failed(`An error occurred (${answer.code}): ${answer.message}`);
    if (attempt >= maxAttempts)
      throw failed(
        `Max attempts exceeded${accepted ? `. Previously accepted state: ${explained(accepted.look)}` : ''}`,
      );
    await sleep(delay * 1000);
  }
}

async function answerOf(ask: () => Promise<Output>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AwsRefusal) return error;
    throw error;
  }
}

function fits(look: Look, answer: Answer): boolean {
  const refused = answer instanceof AwsRefusal;
  if (look.at === 'status') return look.expected === (refused ? answer.status : 200);
  if (look.at === 'error') return refused && look.expected === answer.code;
  if (refused) return false;
  const value: unknown = jmespath.search(answer, look.expression);
  if (look.at === 'path') return value === look.expected;
  if (!Array.isArray(value) || value.length === 0) return false;
  const isExpected = (each: unknown) => each === look.expected;
  return look.at === 'all' ? value.every(isExpected) : value.some(isExpected);
}

/** "excepted" is how botocore spells it. */
function explained(look: Look): string {
  switch (look.at) {
    case 'status':
      return `Matched expected HTTP status code: ${look.expected}`;
    case 'error':
      return `Matched expected service error code: ${look.expected}`;
    case 'path':
      return `For expression "${look.expression}" we matched expected path: "${look.expected}"`;
    case 'all':
      return `For expression "${look.expression}" all members matched excepted path: "${look.expected}"`;
    case 'any':
      return `For expression "${look.expression}" we matched expected path: "${look.expected}" at least once`;
  }
}
