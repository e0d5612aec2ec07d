/** What a row says of one learner's account and of the way into it; what is wrong with it is told column by column. */
import { dirname, resolve } from 'node:path';
import { safe } from '../../lib/terminal-text.ts';
import type { Entry } from '../learner.ts';

export const ROSTER_COLUMNS = [
  'learner',
  'name',
  'account',
  'region',
  'role_arn',
  'external_id',
  'profile',
  'snapshot',
] as const;
export type RosterColumn = (typeof ROSTER_COLUMNS)[number];

export const WAYS_IN = ['role_arn', 'profile', 'snapshot'] as const;

/** A column's trimmed text; empty where there is none. */
export type TextOf = (column: RosterColumn) => string;
export type Refuse = (code: string, column: RosterColumn, message: string) => void;

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/;
/** STS, AssumeRole: ExternalId. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: new ones come, but always with a direction. */
const REGION =
  /^[a-z]{2,4}(-[a-z]{2,4})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d{1,2}$/;
const MOST_ARN = 2048;

/** `1.23457E+11`: what a spreadsheet makes of a long number. */
export function isSpreadsheetNumber(text: string): boolean {
  return /^\d([.,]\d+)?E\+\d{2,3}$/i.test(text);
}

/** The 12 digits, also of `1234-5678-9012` as the console shows them; undefined where there are none. */
export function readAccount(textOf: TextOf, refuse: Refuse): string | undefined {
  const text = textOf('account');
  if (text === '') return undefined;
  const account = /^\d{4}-\d{4}-\d{4}$/.test(text) ? text.replaceAll('-', '') : text;
  if (/^\d{12}$/.test(account)) return account;
  const said = `${shown(text)} is not an account's number, which has 12 digits`;
  const damage = 'Excel has made a number of it; format the column as text and enter it again';
  if (isSpreadsheetNumber(text) || /^\d{12}[.,]0+$/.test(text)) refuse('BAD_ACCOUNT', 'account', `${said}. ${damage}.`);
  else if (/^\d{8,11}$/.test(text))
    refuse('BAD_ACCOUNT', 'account', `${said}. Was it ${text.padStart(12, '0')}? Then ${damage}.`);
  else refuse('BAD_ACCOUNT', 'account', `${said}.`);
  return undefined;
}

export function readRegion(textOf: TextOf, refuse: Refuse): string | undefined {
  const text = textOf('region');
  if (text === '' || REGION.test(text)) return text || undefined;
  const said = `${shown(text)} is not the name of a Region, such as us-east-1.`;
  const meant = text.toLowerCase().replace(/(\d)[a-z]$/, '$1');
  refuse('BAD_REGION', 'region', REGION.test(meant) ? `${said} Is ${meant} meant?` : said);
  return undefined;
}

/** @param file The roster: a snapshot's path begins at its folder. */
export function readEntry(
  file: string,
  textOf: TextOf,
  account: string | undefined,
  refuse: Refuse,
): Entry | undefined {
  const [way, second] = WAYS_IN.filter((column) => textOf(column) !== '');
  if (second) refuse('TWO_WAYS_IN', second, `This row has two ways in, ${way} and ${second}: leave one of them empty.`);
  else if (textOf('external_id') !== '' && way !== 'role_arn')
    refuse('NO_ROLE', 'external_id', 'An external_id goes with a role_arn, and there is none in this row.');
  else if (!way)
    refuse('NO_WAY_IN', 'learner', 'This row has no way in: it needs a role_arn, a profile or a snapshot.');
  if (!way || second) return undefined;

  const text = textOf(way);
  switch (way) {
    case 'role_arn':
      return readRole(text, textOf('external_id'), account, refuse);
    case 'profile':
      if (safe(text) === text && !/[\n\t\]]/.test(text)) return { kind: 'profile', profile: text };
      refuse('BAD_PROFILE', way, `${shown(text)} cannot be the name of a profile.`);
      return undefined;
    case 'snapshot':
      if (!text.includes('\0')) return { kind: 'snapshot', file: resolve(dirname(file), text) };
      refuse('BAD_SNAPSHOT', way, 'A file name cannot hold the character 0.');
      return undefined;
  }
}

function readRole(roleArn: string, externalId: string, account: string | undefined, refuse: Refuse): Entry {
  const [, inArn] = ROLE_ARN.exec(roleArn) ?? [];
  if (!inArn || roleArn.length > MOST_ARN)
    refuse(
      'BAD_ROLE_ARN',
      'role_arn',
      `${shown(roleArn)} is not the ARN of a role, such as arn:aws:iam::123456789012:role/grader.`,
    );
  else if (account && inArn !== account)
    refuse('OTHER_ACCOUNT', 'role_arn', `This role lies in account ${inArn}, but the row's account is ${account}.`);
  if (isSpreadsheetNumber(externalId))
    refuse(
      'BAD_EXTERNAL_ID',
      'external_id',
      'Excel has made a number of it; format the column as text and enter it again.',
    );
  else if (externalId !== '' && !EXTERNAL_ID.test(externalId))
    refuse(
      'BAD_EXTERNAL_ID',
      'external_id',
      `${shown(externalId)} is not an external id: 2 to 1224 letters, digits and any of + = , . @ : / - _`,
    );
  return { kind: 'role', roleArn, ...(externalId !== '' && { externalId }) };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
