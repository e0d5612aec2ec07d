import { expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/index.ts';

test('the sandbox’s time passes at once where it is told so, and only so far', async () => {
  const now = 1_800_000_000_000;
  const sandbox = await startSandbox({ port: 0, timeScale: 1, realNow: () => now });
  const advance = (body: string) => fetch(new URL('/_sandbox/advance', sandbox.url), { method: 'POST', body });
  try {
    expect((await advance('{"seconds": 600}')).status).toBe(204);
    expect(sandbox.now()).toBe(now + 600_000);
    for (const bad of ['', '{}', '{"seconds": -1}', '{"seconds": 1e12}', '{"seconds": "5"}', 'null'])
      expect((await advance(bad)).status, bad).toBe(400);
    expect(sandbox.now()).toBe(now + 600_000);
  } finally {
    await sandbox.close();
  }
});
