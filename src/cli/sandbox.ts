/** `labproof sandbox start | env | reset`. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../lib/message.ts';
import { brief } from '../lib/terminal-text.ts';
import { CliError, EXIT } from './exit.ts';
import { sandboxStateFile } from './paths.ts';
import { announceSandbox, runningSandbox, withdrawSandbox } from './running.ts';

export interface SandboxStartFlags {
  readonly port: number;
  readonly state?: string;
  readonly timeScale: number;
  readonly enforceIam?: boolean;
}

export async function start({ port, state, timeScale, enforceIam = false }: SandboxStartFlags): Promise<void> {
  const { startSandbox } = await import('../sandbox/index.ts');
  const sandbox = await startSandbox({
    port,
    timeScale,
    enforceIam,
    ...(state && { stateFile: state }),
    log: (line) => process.stderr.write(`${brief(line)}\n`),
  }).catch((error: unknown) => {
    throw new CliError(EXIT.usage, {
      code: 'SANDBOX_START',
      message: messageOf(error),
    });
  });
  announceSandbox(sandbox.url);
  process.stderr.write(
    `The sandbox is a simulated AWS: one real second is ${timeScale} of its own. ${
      state ? `Everything is kept in ${state}.` : 'It forgets everything when it stops (--state FILE keeps it).'
    }\nIn another terminal: eval "$(labproof sandbox env)". Ctrl-C stops it.\n`,
  );
  process.stdout.write(`${sandbox.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  withdrawSandbox();
  await sandbox.close();
}

/**
 * Shell lines for `eval`. The function is for AWS CLIs older than 2.13, which do not know AWS_ENDPOINT_URL (Debian 12
 * has 2.9); newer ones are told the same twice.
 */
export async function env({ account, region }: { readonly account?: string; readonly region: string }): Promise<void> {
  const { url } = await requireRunning();
  process.stdout.write(
    `${[
      `export AWS_ENDPOINT_URL=${url}`,
      `export AWS_ACCESS_KEY_ID=${account ?? 'test'}`,
      'export AWS_SECRET_ACCESS_KEY=test',
      `export AWS_REGION=${region}`,
      `export AWS_DEFAULT_REGION=${region}`,
      'export AWS_PAGER=',
      'unset AWS_SESSION_TOKEN AWS_PROFILE',
      `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`,
      `if [ -n "$BASH_VERSION" ]; then export -f aws; fi`,
    ].join('\n')}\n`,
  );
}

/** The running sandbox is emptied; where none runs, the saved one of `--sandbox` is. */
export async function reset(): Promise<void> {
  const running = await runningSandbox();
  if (running) {
    const response = await fetch(new URL('/_sandbox/reset', running.url), { method: 'POST' });
    if (!response.ok)
      throw new CliError(EXIT.failed, {
        code: 'RESET',
        message: `The sandbox at ${running.url} answered ${response.status}.`,
      });
  } else if (existsSync(dirname(sandboxStateFile))) {
    const { removeState } = await import('../sandbox/store.ts');
    try {
      removeState(sandboxStateFile);
    } catch (error) {
      throw new CliError(EXIT.unknown, { code: 'SANDBOX_IN_USE', message: messageOf(error) });
    }
  }
  process.stderr.write('The sandbox is as a new AWS account is.\n');
}

async function requireRunning() {
  const running = await runningSandbox();
  if (!running)
    throw new CliError(EXIT.unknown, {
      code: 'NO_SANDBOX',
      message: 'No sandbox is running. Start one in another terminal: labproof sandbox start',
    });
  return running;
}
