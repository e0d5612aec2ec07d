/** The commands that instances of the sandbox know. A closed set, looked up by name: nothing is ever handed to a shell. */
import { continueConnect } from './connect.ts';
import { curlSays, startCurl } from './curl.ts';
import { addressesOf, type Host } from './host.ts';
import { ipAddresses, ipRoutes } from './ip.ts';
import { ncSays, startNc } from './nc.ts';
import { continuePing, startPing } from './ping.ts';
import { type Finished, failed, type Limits, type Process, type Progress, printed } from './process.ts';

const KNOWN = 'ping, curl, nc, hostname, whoami, date, ip addr, ip route, echo, sleep and true';
const AT_ONCE = ['true', 'echo', 'sleep', 'whoami', 'date', 'hostname', 'ip'];

/** Of Amazon Linux's programs here, those that are in `/usr/sbin`; all but `ip` are in `/usr/bin`. */
const IN_SBIN = ['ip', 'ping'];
const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * @param words A simple command. @param place Where it stands, for the messages of a shell.
 * @param at When it starts, epoch milliseconds.
 */
export function startCommand(
  words: readonly string[],
  place: string,
  host: Host,
  at: number,
  limits: Limits,
): Process | Finished {
  const [given = '', ...rest] = words;
  const name = programOf(given);
  switch (name) {
    case 'sudo':
      return startAsRoot(rest, place, host, at, limits);
    case 'ping':
      return startPing(rest, host, at, limits);
    case 'curl':
      return startCurl(rest, host, at);
    case 'nc':
    case 'ncat':
      return startNc(rest, host, at);
  }
  if (!AT_ONCE.includes(name))
    return failed(`${place}: ${given}: command not found (this sandbox knows ${KNOWN} only)`, 127);
  return (
    runAtOnce(name, rest, host, at) ?? failed(`${place}: ${words.join(' ')}: this sandbox knows ${KNOWN} only`, 127)
  );
}

/** The agent runs commands as root already. */
function startAsRoot(
  words: readonly string[],
  place: string,
  host: Host,
  at: number,
  limits: Limits,
): Process | Finished {
  if (/^(-|$)/.test(words[0] ?? ''))
    return failed('sudo: this sandbox knows sudo with a command and no options only', 1);
  return startCommand(words, place, host, at, limits);
}

/** `/usr/bin/ping` and `/bin/ping` are `ping`: on Amazon Linux 2023 `/bin` is `/usr/bin`. */
function programOf(word: string): string {
  const [, folder, name] = /^(?:\/usr)?\/(s?bin)\/([^/]+)$/.exec(word) ?? [];
  if (name === undefined) return word;
  return (folder === 'sbin' ? IN_SBIN.includes(name) : name !== 'ip') ? name : word;
}

/** What needs no network. Undefined for options that this sandbox does not know. */
function runAtOnce(name: string, rest: readonly string[], host: Host, at: number): Finished | undefined {
  const options = rest.join(' ');
  switch (name) {
    case 'true':
      return { stdout: '', stderr: '', exitCode: 0, durationMs: 5 };
    case 'echo':
      return printed(options);
    case 'sleep':
      return sleep(rest);
    case 'whoami':
      return options === '' ? printed('root') : undefined;
    case 'date':
      return options === '' ? printed(dateAt(at)) : undefined;
    case 'hostname':
      if (['', '-f'].includes(options)) return printed(host.name);
      return ['-i', '-I'].includes(options) ? printed(`${addressesOf(host).join(' ')} `) : undefined;
    case 'ip':
      if (['a', 'addr', 'address', 'addr show'].includes(options)) return printed(ipAddresses(host));
      return ['r', 'route', 'route show'].includes(options) ? printed(ipRoutes(host)) : undefined;
    default:
      return undefined;
  }
}

/** GNU `sleep` with one time. */
function sleep(words: readonly string[]): Finished | undefined {
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d+)?)([smh]?)$/.exec(words.join(' ')) ?? [];
  if (number === undefined) return undefined;
  return { stdout: '', stderr: '', exitCode: 0, durationMs: Math.ceil(Number(number) * (UNIT_MS[unit] ?? 0)) };
}

/** As `date` writes it in the locale `C.UTF-8`. */
function dateAt(at: number): string {
  const [weekday, day = '', month, year, time] = new Date(at).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} UTC ${year}`;
}

export function continueCommand(process: Process, host: Host, until: number): Progress {
  if (process.kind === 'ping') return continuePing(process, host, until);
  return continueConnect(process, host, until, (outcome, tookMs) =>
    process.tool === 'curl' ? curlSays(process, outcome, tookMs) : ncSays(process, outcome),
  );
}
