/** Headless Chromium, where the machine has one, driven over its devtools pipe. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Page {
  /** The value of a JavaScript expression in the page; promises are awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Addresses that the page asked for. */
  readonly requests: readonly string[];
  /** What the browser complained of: errors, and what the page's policy refused. */
  readonly complaints: readonly string[];
}

/** Opens a page, hands it over once it is loaded, and ends the browser. */
export async function withPage<T>(url: string, profile: string, use: (page: Page) => Promise<T>): Promise<T> {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-pipe',
    // It would look for Google's hosts, for its own updates and news: no host is found, and those are not asked for.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    `--user-data-dir=${profile}`,
  ];
  if (CHROMIUM === undefined) throw new Error('There is no Chromium here. Install it: apt-get install chromium');
  const browser = spawn(CHROMIUM, [...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => browser.once('close', resolve));
  const [requests, complaints]: [string[], string[]] = [[], []];
  const waiting = new Map<number, (message: Message) => void>();
  const loaded = Promise.withResolvers<void>();
  const hear = (message: Message) => {
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === 'Page.loadEventFired') loaded.resolve();
    if (message.method === 'Network.requestWillBeSent') requests.push(JSON.stringify(message.params?.documentURL));
    if (message.method === 'Log.entryAdded' || message.method === 'Runtime.exceptionThrown')
      complaints.push(JSON.stringify(message.params));
  };
  const [, , , input, output] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  let rest = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) hear(JSON.parse(part));
  });
  let calls = 0;
  const call = async (method: string, params: object, sessionId?: unknown) => {
    calls += 1;
    const answer = new Promise<Message>((resolve) => waiting.set(calls, resolve));
    input.write(`${JSON.stringify({ id: calls, method, params, sessionId })}\0`);
    return (await answer).result ?? {};
  };
  try {
    const { targetInfos } = await call('Target.getTargets', {});
    const target = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === 'page');
    const { sessionId } = await call('Target.attachToTarget', { targetId: target?.targetId, flatten: true });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await call(`${domain}.enable`, {}, sessionId);
    await call('Page.navigate', { url }, sessionId);
    await loaded.promise;
    return await use({
      requests,
      complaints,
      evaluate: async (expression) => {
        const options = { expression, awaitPromise: true, returnByValue: true };
        const { result } = await call('Runtime.evaluate', options, sessionId);
        return (result as { value?: unknown }).value;
      },
    });
  } finally {
    browser.kill('SIGKILL');
    await ended;
  }
}
