/** The cloud that the target flags name. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../account/reader.ts';
import { messageOf } from '../lib/message.ts';
import { CliError, EXIT, usage } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { sandboxStateFile } from './paths.ts';
import { announceSandbox, isSandbox, runningSandbox, withdrawSandbox } from './running.ts';

export interface Cloud {
  readonly target: Target;
  close(): Promise<void>;
}

/** One second here is twenty there: a flow log's first records come in about half a minute instead of ten. */
const WALK_TIME_SCALE = 20;
export const SANDBOX_ACCOUNT = '123456789012';
/** Another command that uses the saved sandbox ends soon, or is a walk that will say where its sandbox is. */
const AGAIN_MS = 100;
const MOST_WAIT_MS = 20_000;
const SANDBOX_KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };

export function sandboxRegion(flags: TargetFlags): string {
  return flags.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
}

/**
 * Opens what the flags name.
 * @param announced Whether a sandbox of our own is there for other commands: not for one that soon ends with us.
 */
export async function openCloud(flags: TargetFlags, { announced = false } = {}): Promise<Cloud> {
  if (flags.sandbox) return openSandbox(flags, announced);
  const endpointUrl = flags.endpointUrl ?? process.env.AWS_ENDPOINT_URL;
  if (endpointUrl !== undefined && !/^https?:$/.test(URL.parse(endpointUrl)?.protocol ?? ''))
    throw usage(`--endpoint-url ${endpointUrl} is no URL. Write it as http://127.0.0.1:4599.`);
  if (endpointUrl !== undefined && (await isSandbox(endpointUrl))) {
    const ownKeys = process.env.AWS_ACCESS_KEY_ID !== undefined || flags.profile !== undefined;
    const { credentials, ...target } = sandboxTarget(endpointUrl, flags);
    return {
      target: {
        ...target,
        ...(flags.profile && { profile: flags.profile }),
        ...(!ownKeys && credentials && { credentials }),
      },
      close: async () => {},
    };
  }
  return { target: targetOf(flags), close: async () => {} };
}

/** AWS, as the flags and the environment name it. */
export function targetOf(flags: TargetFlags): Target {
  const region = flags.region ?? defaultRegion();
  return {
    kind: 'aws',
    ...(region !== undefined && { region }),
    ...(flags.profile && { profile: flags.profile }),
    ...(flags.endpointUrl && { endpointUrl: flags.endpointUrl }),
  };
}

/** The AWS CLI's own variable, which the SDK for JavaScript does not read. AWS_REGION and a profile come before it. */
function defaultRegion(): string | undefined {
  const told = process.env.AWS_REGION ?? process.env.AWS_PROFILE;
  return told === undefined ? process.env.AWS_DEFAULT_REGION : undefined;
}

/** The sandbox that is running, or else one of our own on its saved state, once no other command is using that. */
async function openSandbox(flags: TargetFlags, announced: boolean): Promise<Cloud> {
  const { FileInUse } = await import('../sandbox/lock.ts');
  for (let waited = 0; ; waited += AGAIN_MS) {
    const running = await runningSandbox();
    if (running) return { target: sandboxTarget(running.url, flags), close: async () => {} };
    try {
      const cloud = await ownSandbox(flags, sandboxStateFile);
      return announced ? announce(cloud) : cloud;
    } catch (error) {
      if (!(error instanceof FileInUse))
        throw new CliError(EXIT.usage, { code: 'SANDBOX_START', message: messageOf(error) });
      if (waited >= MOST_WAIT_MS) throw new CliError(EXIT.unknown, { code: 'SANDBOX_IN_USE', message: error.message });
    }
    await sleep(AGAIN_MS);
  }
}

function announce(cloud: Cloud): Cloud {
  if (cloud.target.endpointUrl) announceSandbox(cloud.target.endpointUrl);
  return {
    target: cloud.target,
    async close() {
      withdrawSandbox();
      await cloud.close();
    },
  };
}

/** A sandbox in this process; without a state file it forgets everything when it closes. */
export async function ownSandbox(flags: TargetFlags, stateFile?: string, timeScale = WALK_TIME_SCALE): Promise<Cloud> {
  const { startSandbox } = await import('../sandbox/index.ts');
  if (stateFile) mkdirSync(dirname(stateFile), { recursive: true, mode: 0o700 });
  const sandbox = await startSandbox({ port: 0, timeScale, ...(stateFile && { stateFile }) });
  return { target: sandboxTarget(sandbox.url, flags), close: () => sandbox.close() };
}

export function sandboxTarget(url: string, flags: TargetFlags): Target {
  return { kind: 'sandbox', region: sandboxRegion(flags), endpointUrl: url, credentials: SANDBOX_KEYS };
}
