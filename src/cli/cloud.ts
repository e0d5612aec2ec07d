/** The cloud that the target flags name. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Target } from '../account/reader.ts';
import { usage } from './exit.ts';
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
const SANDBOX_KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };

export function sandboxRegion(flags: TargetFlags): string {
  return flags.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
}

/** Opens what the flags name. The sandbox is the one that is running, or else one of our own on its saved state. */
export async function openCloud(flags: TargetFlags): Promise<Cloud> {
  if (flags.sandbox) {
    const running = await runningSandbox();
    return running
      ? { target: sandboxTarget(running.url, flags), close: async () => {} }
      : ownSandbox(flags, sandboxStateFile);
  }
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
  const region = flags.region ?? defaultRegion();
  return {
    target: {
      kind: 'aws',
      ...(region !== undefined && { region }),
      ...(flags.profile && { profile: flags.profile }),
      ...(flags.endpointUrl && { endpointUrl: flags.endpointUrl }),
    },
    close: async () => {},
  };
}

/** The AWS CLI's own variable, which the SDK for JavaScript does not read. AWS_REGION and a profile come before it. */
function defaultRegion(): string | undefined {
  const told = process.env.AWS_REGION ?? process.env.AWS_PROFILE;
  return told === undefined ? process.env.AWS_DEFAULT_REGION : undefined;
}

/** A sandbox in this process; without a state file it forgets everything when it closes. */
export async function ownSandbox(flags: TargetFlags, stateFile?: string, timeScale = WALK_TIME_SCALE): Promise<Cloud> {
  const { startSandbox } = await import('../sandbox/index.ts');
  if (stateFile) mkdirSync(dirname(stateFile), { recursive: true, mode: 0o700 });
  const sandbox = await startSandbox({ port: 0, timeScale, ...(stateFile && { stateFile }) });
  if (stateFile) announceSandbox(sandbox.url);
  return {
    target: sandboxTarget(sandbox.url, flags),
    async close() {
      if (stateFile) withdrawSandbox();
      await sandbox.close();
    },
  };
}

function sandboxTarget(url: string, flags: TargetFlags): Target {
  return { kind: 'sandbox', region: sandboxRegion(flags), endpointUrl: url, credentials: SANDBOX_KEYS };
}
