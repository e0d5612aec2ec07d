/** `labproof doctor`: what stands between the learner and a walk, each with its fix. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../account/reader.ts';
import { listLabs } from '../lab/list.ts';
import { jsonText } from '../lib/json.ts';
import { codeOf, messageOf } from '../lib/message.ts';
import { labsDir } from '../lib/root.ts';
import type { DoctorFinding } from '../plain/doctor.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { type AwsFile, awsFileFindings, profilesIn } from './doctor/aws-files.ts';
import { machineFindings } from './doctor/machine.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { TargetFlags } from './flags.ts';
import { endNow } from './interrupt.ts';
import { type LabAndChecks, openLab } from './labs.ts';
import { sandboxStateFile } from './paths.ts';
import { isInteractive, usesColour } from './terminal.ts';

export interface DoctorFlags extends TargetFlags {
  readonly json?: boolean;
}

/** For everything together: nothing that does not answer holds it up longer. */
const PATIENCE_MS = 15_000;
const ONE_ANSWER_MS = 6000;

export async function doctor(named: string | undefined, flags: DoctorFlags): Promise<void> {
  const opened = await labsOf(named);
  if (!flags.json) process.stderr.write('Looking at this machine and at the cloud …\n');
  const { sandboxFinding } = await import('./doctor/sandbox.ts');
  const saved = await sandboxFinding(sandboxStateFile);
  const findings = [
    ...machineFindings({
      node: process.versions.node,
      window: process.stdout.isTTY ? { columns: process.stdout.columns, rows: process.stdout.rows } : undefined,
      colour: usesColour(process.stdout),
      interactive: isInteractive(),
      platform: process.platform,
      env: process.env,
    }),
    saved,
    // Nothing to be asked where the sandbox cannot be opened: that is said already.
    ...(flags.sandbox && saved.status === 'problem' ? [] : await cloudFindingsOf(opened, named, flags)),
  ];
  await print(findings, flags.json === true);
}

/** All labs where none is named: what any of them reads. */
async function labsOf(named: string | undefined): Promise<readonly LabAndChecks[]> {
  const ids = named === undefined ? await listLabs(labsDir()) : [named];
  return Promise.all(ids.map(openLab));
}

async function cloudFindingsOf(
  opened: readonly LabAndChecks[],
  named: string | undefined,
  flags: DoctorFlags,
): Promise<readonly DoctorFinding[]> {
  let cloud: Cloud;
  try {
    cloud = await openCloud(flags);
  } catch (error) {
    if (!(error instanceof CliError) || error.exit === EXIT.usage) throw error;
    return [{ id: 'sandbox', status: 'unknown', message: error.message }];
  }
  try {
    return await lookAround(cloud.target, opened, named, flags);
  } finally {
    await cloud.close();
  }
}

async function lookAround(
  target: Target,
  opened: readonly LabAndChecks[],
  named: string | undefined,
  flags: DoctorFlags,
): Promise<readonly DoctorFinding[]> {
  const [{ diagnose }, { openAccount }, { cloudFindings }, { permissionFindings, pingFindings, tryPermissions }] =
    await Promise.all([
      import('../account/diagnose.ts'),
      import('../account/live.ts'),
      import('./doctor/cloud.ts'),
      import('./doctor/permissions.ts'),
    ]);
  const limits = { signal: AbortSignal.timeout(PATIENCE_MS), timeoutMs: ONE_ANSWER_MS };
  const reader = openAccount(target, limits);
  const labs = opened.map(({ lab }) => lab);
  const checks = Object.assign({}, ...(await Promise.all(opened.map((each) => each.checks()))));
  const [diagnosis, tried] = await Promise.all([
    diagnose(target, limits),
    tryPermissions(labs, checks, reader, Date.now),
  ]);
  reader.close();

  const endpoint = (target.endpointUrl ?? process.env.AWS_ENDPOINT_URL) !== undefined;
  const files = awsFiles();
  const profile = flags.profile ?? process.env.AWS_PROFILE;
  const regionFrom = regionSource(flags, target);
  return [
    ...(target.credentials ? [] : awsFileFindings(files)),
    ...cloudFindings(diagnosis, {
      kind: target.kind,
      ...(profile && { profile }),
      profiles: profilesIn(files),
      ...(regionFrom && { regionFrom }),
      endpoint,
      proxy: !endpoint && PROXIES.some((name) => process.env[name]),
      now: Date.now(),
    }),
    ...permissionFindings(tried, named ?? (labs.length === 1 && labs[0] ? labs[0].id : 'LAB')),
    ...pingFindings(tried),
  ];
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

function regionSource({ region }: DoctorFlags, target: Target): string | undefined {
  if (region !== undefined) return '--region';
  if (process.env.AWS_REGION) return 'AWS_REGION';
  if (target.region !== undefined && target.region === process.env.AWS_DEFAULT_REGION) return 'AWS_DEFAULT_REGION';
  return target.kind === 'sandbox' ? "the sandbox's default" : undefined;
}

function awsFiles(): readonly AwsFile[] {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  return [
    awsFile('config', AWS_CONFIG_FILE ?? join(homedir(), '.aws/config')),
    awsFile('credentials', AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws/credentials')),
  ];
}

function awsFile(kind: AwsFile['kind'], path: string): AwsFile {
  try {
    return { path, kind, text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { path, kind, text: undefined, ...(codeOf(error) !== 'ENOENT' && { unreadable: messageOf(error) }) };
  }
}

/** Ends the program, too: a `credential_process` that hangs would keep it alive. */
async function print(findings: readonly DoctorFinding[], json: boolean): Promise<never> {
  const { doctorText } = await import('../plain/doctor.ts');
  const options = { colour: usesColour(process.stdout), width: process.stdout.columns ?? 80 };
  const text = json ? jsonText({ schema: 'labproof/doctor/v1', findings }) : `${doctorText(findings, options)}\n`;
  process.stdout.write(text);
  return endNow(exitOf(findings));
}

function exitOf(findings: readonly DoctorFinding[]): ExitCode {
  const has = (status: DoctorFinding['status']) => findings.some((finding) => finding.status === status);
  return has('problem') ? EXIT.failed : has('unknown') ? EXIT.unknown : EXIT.ok;
}
