/** Reads the values of flags. @throws InvalidArgumentError, which Commander says with the flag's name. */
import { InvalidArgumentError } from 'commander';
import type { PathProtocol } from '../run/path.ts';

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export function seconds(value: string): number {
  return numberIn(value, 0, 86_400, 'a number of seconds');
}

export function port(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return numberIn(value, 0, 65_535, 'a whole number');
}

export function protocol(value: string): PathProtocol {
  const [, name, digits] = /^(icmp|tcp|udp)(?::(\d{1,5}))?$/.exec(value) ?? [];
  if (name === 'icmp' && digits === undefined) return { name };
  const number = Number(digits);
  if ((name === 'tcp' || name === 'udp') && number >= 1 && number <= 65_535) return { name, port: number };
  throw new InvalidArgumentError('It must be icmp, tcp:PORT or udp:PORT, such as tcp:443.');
}

export function timeScale(value: string): number {
  return numberIn(value, 0.01, 1e9, 'a number');
}

export function concurrency(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 1 to 256.');
  return numberIn(value, 1, 256, 'a whole number');
}

export function accountId(value: string): string {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('It must be 12 digits.');
  return value;
}

function numberIn(value: string, least: number, most: number, what: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= least && number <= most))
    throw new InvalidArgumentError(`It must be ${what} from ${least} to ${most}.`);
  return number;
}
