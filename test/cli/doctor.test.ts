/** What the doctor says of a diagnosis, in the cases that no sandbox has: AWS's Regions, clocks, ways to sign in. */
import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/account/diagnose.ts';
import { type AwsFile, awsFileFindings, profilesIn } from '../../src/cli/doctor/aws-files.ts';
import { type Asked, cloudFindings } from '../../src/cli/doctor/cloud.ts';
import { type Machine, machineFindings } from '../../src/cli/doctor/machine.ts';
import type { Unread } from '../../src/model/account.ts';
import { type DoctorFinding, doctorText } from '../../src/plain/doctor.ts';

const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);
const asked: Asked = { kind: 'aws', profiles: [], regionFrom: 'AWS_REGION', endpoint: false, proxy: false, now: NOW };
const well: Diagnosis = {
  region: { ok: true, value: 'eu-west-1' },
  signIn: { ok: true, value: { ways: ['CREDENTIALS_PROFILE'] } },
  identity: { ok: true, value: { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/students/alice' } },
  answer: { ok: true, value: { endpoint: 'https://sts.eu-west-1.amazonaws.com', ahead: 400 } },
};

function unread(reason: Unread['reason'], message: string) {
  return { ok: false, unread: { reason, action: 'sts:GetCallerIdentity', message } } as const;
}

function finding(id: string, more: Partial<Diagnosis>, who: Partial<Asked> = {}): DoctorFinding {
  const found = cloudFindings({ ...well, ...more }, { ...asked, ...who }).find((each) => each.id === id);
  if (!found) throw new Error(`nothing is said of ${id}`);
  return found;
}

test('where all is well, everything is', () => {
  expect(cloudFindings(well, asked).map(({ id, status }) => `${id} ${status}`)).toEqual([
    'credentials ok',
    'identity ok',
    'region ok',
    'network ok',
    'clock ok',
  ]);
});

describe('who you are', () => {
  test.each([
    ['arn:aws:iam::123456789012:user/students/alice', 'user alice'],
    ['arn:aws:sts::123456789012:assumed-role/Learner/bob', 'role Learner (session bob)'],
    ['arn:aws:iam::123456789012:root', "the account's root user"],
  ])('%s', (arn, words) => {
    const { message } = finding('identity', { identity: { ok: true, value: { account: '123456789012', arn } } });
    expect(message).toBe(`Account 123456789012, ${words}.`);
  });

  test('the root user of a real account is a warning', () => {
    const identity = { ok: true, value: { account: '123456789012', arn: 'arn:aws:iam::123456789012:root' } } as const;
    expect(finding('identity', { identity }).status).toBe('warning');
    expect(finding('identity', { identity }, { kind: 'sandbox' }).status).toBe('ok');
  });

  test('an expired token names the way back in', () => {
    const expired = unread('credentials', 'AWS does not accept the credentials (ExpiredToken): it has expired.');
    const signIn = { ok: true, value: { ways: ['CREDENTIALS_PROFILE_SSO', 'CREDENTIALS_SSO'] } } as const;
    expect(finding('identity', { identity: expired, signIn }, { profile: 'dev' })).toMatchObject({
      status: 'problem',
      fix: { command: 'aws sso login --profile dev' },
    });
  });
});

describe('credentials', () => {
  test.each<[string, string, Partial<Asked>, RegExp, string]>([
    [
      'none at all',
      'Could not load credentials from any providers.',
      {},
      /You need none to begin/,
      'labproof start --sandbox',
    ],
    [
      'a profile that is not there',
      'Could not load.',
      { profile: 'dve', profiles: ['dev'] },
      /There are: dev\./,
      'aws configure --profile dve',
    ],
    [
      'a profile that gives none',
      'Could not load.',
      { profile: 'dev', profiles: ['dev'] },
      /gives no credentials/,
      'aws configure --profile dev',
    ],
    [
      'an ended SSO session',
      'The SSO session has expired.',
      { profile: 'dev', profiles: ['dev'] },
      /has ended/,
      'aws sso login --profile dev',
    ],
  ])('%s', (_, message, who, words, command) => {
    const found = finding('credentials', { signIn: unread('credentials', message) }, who);
    expect(found).toMatchObject({ status: 'problem', fix: { command } });
    expect(found.message).toMatch(words);
  });

  test('those that end soon are a warning', () => {
    const until = (minutes: number) => ({
      signIn: { ok: true, value: { ways: ['CREDENTIALS_HTTP'], expiresAt: NOW + minutes * 60_000 } } as const,
    });
    expect(finding('credentials', until(14)).status).toBe('warning');
    expect(finding('credentials', until(60))).toMatchObject({
      status: 'ok',
      message: "From this container's role, until 2026-11-23 11:00 UTC (60 min).",
    });
  });
});

describe('the Region', () => {
  test.each([
    ['not-opted-in', 'aws account enable-region --region-name eu-west-1'],
    ['unknown', 'export AWS_REGION=us-east-1'],
  ])('one that is %s', (value, command) => {
    expect(finding('region', { regionStatus: { ok: true, value } })).toMatchObject({
      status: 'problem',
      fix: { command },
    });
  });
  test('none', () => {
    expect(finding('region', { region: unread('error', 'Region is missing') }).status).toBe('problem');
  });
});

describe('the clock', () => {
  test.each([
    [30_000, 'ok', ''],
    [-90_000, 'warning', '90 s ahead of'],
    [299_000, 'warning', '5 min behind'],
    [301_000, 'problem', '5 min behind'],
    [-7 * 3_600_000, 'problem', '7 h ahead of'],
  ] as const)('%i ms', (ahead, status, words) => {
    const found = finding('clock', { answer: { ok: true, value: { endpoint: 'https://sts', ahead } } });
    expect(found.status).toBe(status);
    expect(found.message).toContain(words);
  });
});

test('a proxy that is set is not used: said as a warning, and beside what cannot be reached', () => {
  expect(finding('network', {}, { proxy: true })).toMatchObject({ status: 'warning' });
  const off = finding('network', { answer: unread('unreachable', 'AWS cannot be reached.') }, { proxy: true });
  expect(off).toMatchObject({ status: 'problem', message: expect.stringContaining('labproof does not use one') });
});

describe('the AWS files', () => {
  const file = (kind: AwsFile['kind'], text: string): AwsFile => ({ path: `~/.aws/${kind}`, kind, text });

  test.each<[string, AwsFile, string]>([
    ['no section and no setting', file('config', '[default]\nregion us-east-1\n'), 'config:2'],
    ['a setting before all sections', file('credentials', 'aws_access_key_id = A\n[default]\n'), 'credentials:1'],
    ['a profile of config without its word', file('config', '[default]\n[dev]\n'), 'config:2'],
    ['a profile of credentials with it', file('credentials', '[profile dev]\n'), 'credentials:1'],
    ['an open bracket', file('config', '[profile dev\n'), 'config:1'],
  ])('%s', (_, odd, place) => {
    expect(awsFileFindings([odd])).toMatchObject([{ status: 'warning', message: expect.stringContaining(place) }]);
  });

  test('what is right is not mentioned, and gives its profiles', () => {
    const files = [
      file(
        'config',
        '# mine\n[default]\nregion = eu-west-1\ns3 =\n  max_concurrent_requests = 20\n[profile "dev"]\n[sso-session s]\n',
      ),
      file('credentials', '\uFEFF[default]\r\naws_access_key_id=A\r\n[old]\r\n'),
      { path: '~/.aws/x', kind: 'config', text: undefined } as const,
    ];
    expect(awsFileFindings(files)).toEqual([]);
    expect(profilesIn(files)).toEqual(['default', 'dev', 'old']);
  });

  test('no line is repeated: it may hold a secret', () => {
    const text = '[default]\naws_secret_access_key wJalrXUtnFEMI\n';
    expect(JSON.stringify(awsFileFindings([file('credentials', text)]))).not.toContain('wJalr');
  });
});

describe('the machine', () => {
  const machine: Machine = {
    node: '24.1.0',
    window: { columns: 80, rows: 24 },
    colour: true,
    interactive: true,
    platform: 'linux',
    env: { LANG: 'de_DE.UTF-8', TERM: 'xterm' },
  };
  const statuses = (more: Partial<Machine>) =>
    Object.fromEntries(machineFindings({ ...machine, ...more }).map(({ id, status }) => [id, status]));

  test.each<[string, Partial<Machine>, Record<string, string>]>([
    ['a good one', {}, { node: 'ok', terminal: 'ok', letters: 'ok' }],
    ['an old Node', { node: '20.20.2' }, { node: 'problem' }],
    ['a small window', { window: { columns: 59, rows: 24 } }, { terminal: 'warning' }],
    ['a dumb terminal', { interactive: false }, { terminal: 'warning' }],
    ['a locale of the last century', { env: { LC_ALL: 'C', LANG: 'de_DE.UTF-8' } }, { letters: 'warning' }],
    ['no locale', { env: {} }, { letters: 'warning' }],
    ['a pipe', { window: undefined }, { terminal: 'ok' }],
  ])('%s', (_, more, expected) => {
    expect(statuses(more)).toMatchObject(expected);
  });
});

test('the text holds in 60 columns, and a command stays whole', () => {
  const command = `aws configure --profile ${'x'.repeat(80)}`;
  const findings: DoctorFinding[] = [
    { id: 'credentials', status: 'problem', message: 'word '.repeat(40), fix: { message: 'Do it.', command } },
    { id: 'region', status: 'ok', message: 'eu\u001b[2J-west-1.' },
  ];
  const lines = doctorText(findings, { colour: false, width: 60 }).split('\n');
  expect(lines.filter((line) => line.length > 60)).toEqual([`        ${command}`]);
  expect(lines).toContain('    eu-west-1.');
  expect(lines.at(-1)).toBe('1 ok, 1 problem');
});
