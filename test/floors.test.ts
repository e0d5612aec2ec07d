/** The architecture's floors: an import goes down only. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each room may import of ours. A room may always import from itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/lib': [],
  'src/model': ['src/lib'],
  'src/check.ts': ['src/model'],
  checks: ['src/check.ts', 'src/model'],
  'src/account': ['src/check.ts', 'src/model', 'src/lib'],
  'src/sandbox': ['src/model', 'src/lib'],
  // The AWS CLI's words. It sees the SDK's schemas only as src/account gives them out: plain data.
  'src/awscli': ['src/account', 'src/lib'],
  'src/lab': ['src/check.ts', 'src/model', 'src/lib'],
  'src/run': [
    'src/lab',
    'src/account/reader.ts',
    'src/account/permissions.ts',
    'src/account/call-permissions.ts',
    'src/check.ts',
    'src/model',
    'src/lib',
  ],
  'src/report': ['src/run', 'src/lab', 'src/check.ts', 'src/model', 'src/lib'],
  'src/grade': ['src/report', 'src/run', 'src/lab', 'src/account/reader.ts', 'src/check.ts', 'src/model', 'src/lib'],
  'src/plain': ['src/run', 'src/lab', 'src/check.ts', 'src/model', 'src/lib'],
  'src/ui': ['src/plain', 'src/run', 'src/lab', 'src/check.ts', 'src/model', 'src/lib'],
  'src/cli': [
    'src/ui',
    'src/plain',
    'src/grade',
    'src/report',
    'src/run',
    'src/lab',
    'src/awscli',
    'src/account',
    'src/sandbox',
    'src/check.ts',
    'src/model',
    'src/lib',
  ],
};

/** Packages that belong to some rooms only. */
const PACKAGES: readonly { readonly pattern: RegExp; readonly rooms: readonly string[] }[] = [
  { pattern: /^@(aws-sdk|smithy)\//, rooms: ['src/account', 'src/sandbox'] },
  { pattern: /^(react|ink)(\/|$)/, rooms: ['src/ui'] },
  { pattern: /^commander$/, rooms: ['src/cli'] },
  { pattern: /^(bullmq|ioredis)$/, rooms: ['src/grade'] },
  { pattern: /^jmespath$/, rooms: ['src/awscli'] },
  { pattern: /^node:(http|https|net|child_process)$/, rooms: ['src/sandbox', 'src/cli', 'src/account'] },
];

const files = globSync(['src/**/*.{ts,tsx}', 'checks/**/*.ts'], { cwd: root });

function roomOf(path: string): string {
  const room = Object.keys(ROOMS).find((name) => path === name || path.startsWith(`${name}/`));
  if (room === undefined) throw new Error(`${path} lies in no room of the architecture`);
  return room;
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier ?? '');
}

function forbidden(file: string): readonly string[] {
  const room = roomOf(file);
  return importsOf(file).filter((specifier) => {
    if (!specifier.startsWith('.'))
      return PACKAGES.some(({ pattern, rooms }) => pattern.test(specifier) && !rooms.includes(room));
    const target = normalize(join(dirname(file), specifier));
    const targetRoom = roomOf(target);
    return targetRoom !== room && !ROOMS[room]?.some((name) => target === name || target.startsWith(`${name}/`));
  });
}

describe('an import goes down only', () => {
  test.each(files)('%s', (file) => {
    expect(forbidden(file)).toEqual([]);
  });
});

test('only the command line reads its arguments and environment and sets exit codes', () => {
  const offenders = files.filter(
    (file) =>
      !file.startsWith('src/cli/') &&
      /process\.(argv|env|exitCode|exit\b)/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(offenders).toEqual([]);
});
