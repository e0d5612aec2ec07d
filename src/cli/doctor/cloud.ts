/** What the diagnosis of a cloud means for a learner, each with its fix. Pure. */
import type { Diagnosis, SignIn } from '../../account/diagnose.ts';
import type { Unread } from '../../model/account.ts';
import type { DoctorFinding, DoctorFix } from '../../plain/doctor.ts';

export interface Asked {
  readonly kind: 'aws' | 'sandbox';
  /** `--profile` or AWS_PROFILE. */
  readonly profile?: string;
  /** The profiles that the AWS files hold. */
  readonly profiles: readonly string[];
  /** What named the Region: `--region`, `AWS_REGION` …; absent where only a profile can have. */
  readonly regionFrom?: string;
  /** An endpoint of the user's choice, and not AWS's own. */
  readonly endpoint: boolean;
  /** HTTPS_PROXY or the like is set. */
  readonly proxy: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function cloudFindings(diagnosis: Diagnosis, asked: Asked): readonly DoctorFinding[] {
  return [
    signInFinding(diagnosis, asked),
    ...identityFindings(diagnosis, asked),
    ...regionFindings(diagnosis, asked),
    answerFinding(diagnosis, asked),
    ...clockFindings(diagnosis, asked),
  ];
}

const SANDBOX_FIX = 'Without an AWS account, everything works in the sandbox';

function regionFindings({ region, regionStatus }: Diagnosis, { regionFrom, profile }: Asked): readonly DoctorFinding[] {
  const id = 'region';
  if (!region.ok)
    return [
      {
        id,
        status: 'problem',
        message: 'No AWS Region is set, neither by --region, nor AWS_REGION, nor in your profile.',
        fix: { message: 'Set the one of your lab.', command: 'export AWS_REGION=us-east-1' },
      },
    ];
  const name = `${region.value} (from ${regionFrom ?? `profile ${profile ?? 'default'}`})`;
  if (regionStatus?.ok && regionStatus.value === 'unknown')
    return [
      {
        id,
        status: 'problem',
        message: `AWS has no Region ${name}.`,
        fix: { message: 'Set one that it has.', command: 'export AWS_REGION=us-east-1' },
      },
    ];
  if (regionStatus?.ok && regionStatus.value === 'not-opted-in')
    return [
      {
        id,
        status: 'problem',
        message: `Region ${name} is not enabled for this account.`,
        fix: {
          message: 'Enable it (in the console: Account > AWS Regions), or use another.',
          command: `aws account enable-region --region-name ${region.value}`,
        },
      },
    ];
  if (regionStatus)
    return [
      {
        id,
        status: 'problem',
        message: `AWS knows you in us-east-1, but not in ${name}.`,
        fix: { message: 'Use a Region that is enabled for your account.', command: 'export AWS_REGION=us-east-1' },
      },
    ];
  return [{ id, status: 'ok', message: `${name}.` }];
}

function answerFinding({ answer }: Diagnosis, { endpoint, proxy }: Asked): DoctorFinding {
  const id = 'network';
  const aside = proxy ? ' A proxy is set in your environment; labproof does not use one.' : '';
  if (answer.ok) return { id, status: aside ? 'warning' : 'ok', message: `${answer.value.endpoint} answers.${aside}` };
  return {
    id,
    status: 'problem',
    message: `${answer.unread.message}${aside}`,
    fix: endpoint
      ? { message: 'Start what is to answer there, or choose no endpoint.', command: 'labproof sandbox start' }
      : {
          message: `Check the network${proxy ? ', and that AWS can be reached without the proxy' : ''}. ${SANDBOX_FIX}, offline too.`,
          command: 'labproof start --sandbox',
        },
  };
}

/** AWS refuses a signature that is more than 5 minutes off (IAM User Guide, "Signature Version 4": RequestTimeTooSkewed). */
const MOST_SKEW_MS = 5 * 60_000;
const ODD_SKEW_MS = 60_000;

function clockFindings({ answer }: Diagnosis, { kind }: Asked): readonly DoctorFinding[] {
  // The sandbox's time runs as fast as it was told to.
  if (kind === 'sandbox' || !answer.ok || answer.value.ahead === undefined) return [];
  const { ahead } = answer.value;
  const off = Math.round(Math.abs(ahead) / 1000);
  const id = 'clock';
  if (Math.abs(ahead) < ODD_SKEW_MS) return [{ id, status: 'ok', message: `Right, to within ${Math.max(off, 1)} s.` }];
  const message = `This machine's clock is ${span(off)} ${ahead > 0 ? 'behind' : 'ahead of'} AWS's.`;
  const fix = { message: 'Set it by the network.', command: 'sudo timedatectl set-ntp true' };
  return Math.abs(ahead) > MOST_SKEW_MS
    ? [{ id, status: 'problem', message: `${message} AWS refuses what is signed more than 5 minutes off.`, fix }]
    : [{ id, status: 'warning', message, fix }];
}

function span(seconds: number): string {
  return seconds < 120
    ? `${seconds} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
}

const SOON_MS = 15 * 60_000;

function signInFinding({ signIn }: Diagnosis, asked: Asked): DoctorFinding {
  const id = 'credentials';
  if (signIn.ok && signIn.value.ways.includes('CREDENTIALS_CODE'))
    return { id, status: 'ok', message: 'The sandbox takes any key: no account, no cost.' };
  if (!signIn.ok) return { id, status: 'problem', ...unsigned(signIn.unread, asked) };
  const { expiresAt } = signIn.value;
  const way = `From ${wayOf(signIn.value, asked)}`;
  if (expiresAt === undefined) return { id, status: 'ok', message: `${way}.` };
  const left = Math.round((expiresAt - asked.now) / 60_000);
  const message = `${way}, until ${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC (${left} min).`;
  return expiresAt - asked.now < SOON_MS
    ? {
        id,
        status: 'warning',
        message,
        fix: { message: 'Renew them before a long walk.', command: signInCommand(signIn.value, asked) },
      }
    : { id, status: 'ok', message };
}

/** No credentials at all is a learner's first evening, and no fault. */
function unsigned({ reason, message }: Unread, { profile, profiles }: Asked): { message: string; fix: DoctorFix } {
  const login = `aws sso login${profile ? ` --profile ${profile}` : ''}`;
  if (reason === 'timeout')
    return {
      message: 'What your AWS configuration names to sign in with did not answer in time.',
      fix: {
        message: 'Try it by itself.',
        command: `aws sts get-caller-identity${profile ? ` --profile ${profile}` : ''}`,
      },
    };
  if (/\bSSO\b/.test(message))
    return {
      message: 'Your sign-in to IAM Identity Center (SSO) has ended.',
      fix: { message: 'Sign in again.', command: login },
    };
  if (profile !== undefined && !profiles.includes(profile))
    return {
      message: `There is no profile ${profile} in your AWS files.${profiles.length > 0 ? ` There are: ${profiles.join(', ')}.` : ''}`,
      fix: {
        message: 'Choose one of them with --profile or AWS_PROFILE, or make it.',
        command: `aws configure --profile ${profile}`,
      },
    };
  if (profile !== undefined || profiles.includes('default'))
    return {
      message: `Profile ${profile ?? 'default'} is there, but gives no credentials: the keys, the role or the command that it names are missing or fail.`,
      fix: {
        message: 'Sign in again, or set its keys anew.',
        command: `aws configure --profile ${profile ?? 'default'}`,
      },
    };
  return {
    message: `There are none, neither in the environment nor in ~/.aws.${profiles.length > 0 ? ` There are profiles, though: ${profiles.join(', ')} (--profile NAME).` : ''} You need none to begin.`,
    fix: {
      message: `${SANDBOX_FIX}. For your own account, sign in with aws configure, or aws configure sso.`,
      command: 'labproof start --sandbox',
    },
  };
}

const WAYS: readonly (readonly [RegExp, string])[] = [
  [/SSO/, 'IAM Identity Center (SSO)'],
  [/WEB_ID/, 'a web identity token'],
  [/ASSUME_ROLE/, 'a role that is assumed'],
  [/PROCESS/, 'its credential_process'],
  [/LOGIN/, 'aws login'],
  [/IMDS/, "this EC2 instance's role"],
  [/HTTP/, "this container's role"],
  [/ENV_VARS/, 'AWS_ACCESS_KEY_ID of the environment'],
];

function wayOf({ ways }: SignIn, { profile }: Asked): string {
  const all = ways.join(' ');
  const found = WAYS.find(([pattern]) => pattern.test(all))?.[1];
  if (!/PROFILE/.test(all)) return found ?? 'the default chain of the AWS SDK';
  return `profile ${profile ?? 'default'}${found ? `, by ${found}` : ''}`;
}

function signInCommand({ ways }: SignIn, { profile }: Asked): string {
  const how = /SSO/.test(ways.join(' '))
    ? 'aws sso login'
    : /LOGIN/.test(ways.join(' '))
      ? 'aws login'
      : 'aws configure';
  return profile ? `${how} --profile ${profile}` : how;
}

function identityFindings({ signIn, identity }: Diagnosis, asked: Asked): readonly DoctorFinding[] {
  const id = 'identity';
  const { kind } = asked;
  // Nobody to ask for: that is said already.
  if (!signIn.ok) return [];
  if (identity.ok) {
    const { account, arn } = identity.value;
    const message = `Account ${account}, ${whoIs(arn)}.`;
    if (kind === 'sandbox' || !arn.endsWith(':root')) return [{ id, status: 'ok', message }];
    // IAM User Guide, "Root user best practices": no access keys for it.
    const fix = { message: 'Use a user or role of your own instead: whoever has these keys can do everything.' };
    return [{ id, status: 'warning', message, fix }];
  }
  const { reason, message } = identity.unread;
  if (reason !== 'credentials')
    return [{ id, status: 'unknown', message: `Who you are could not be asked: ${message}` }];
  const command = kind === 'sandbox' ? 'eval "$(labproof sandbox env)"' : signInCommand(signIn.value, asked);
  return [
    /Expired/.test(message)
      ? {
          id,
          status: 'problem',
          message: 'The credentials have expired.',
          fix: { message: 'Sign in again, or export new ones.', command },
        }
      : {
          id,
          status: 'problem',
          message: 'AWS does not accept the credentials: they are wrong, deleted or switched off.',
          fix: { message: 'Sign in again, or set the keys anew.', command },
        },
  ];
}

/** `user alice`, `role Learner (session alice)`, `the root user`. */
function whoIs(arn: string): string {
  const [kind = '', ...names] = arn.split(':').slice(5).join(':').split('/');
  if (kind === 'root') return "the account's root user";
  if (kind === 'assumed-role') return `role ${names[0] ?? ''} (session ${names[1] ?? ''})`;
  return `${kind} ${names.at(-1) ?? ''}`;
}
