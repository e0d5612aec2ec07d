/** `nc` (Nmap's Ncat, as Amazon Linux 2023 installs it), as far as trying a TCP port goes. */
import { isAddress } from '../../model/network/cidr.ts';
import { type ConnectState, connectTo, type Outcome } from './connect.ts';
import type { Host } from './host.ts';
import { type Finished, failed } from './process.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const VERSION = 'Ncat: Version 7.93 ( https://nmap.org/ncat )\n';

/** `-zv`, `-z -v -w 3`, `-zvw3`: as getopt reads them. */
export function startNc(words: readonly string[], host: Host, at: number): ConnectState | Finished {
  const switches = new Set<string>();
  const rest: string[] = [];
  let seconds: number | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!/^-./.test(word)) {
      rest.push(word);
      continue;
    }
    const [, simple = '', option, glued] = /^-([nvz]*)(?:([^nvz])(.*))?$/.exec(word) ?? [];
    for (const each of simple) switches.add(each);
    if (option === undefined) continue;
    if (option !== 'w')
      return failed(`Ncat: this sandbox knows the options -n -v -w -z only, not -${option}. QUITTING.`, 2);
    if (!glued) index += 1;
    seconds = Number(glued || words[index]);
    if (!(seconds > 0 && seconds < 86_400)) return failed('Ncat: Invalid -w timeout. QUITTING.', 2);
  }
  const [name, portText, extra] = rest;
  if (name === undefined) return failed('Ncat: You must specify a host to connect to. QUITTING.', 2);
  const port = /^\d{1,5}$/.test(portText ?? '') ? Number(portText) : 0;
  if (extra !== undefined || port < 1 || port > 65_535)
    return failed(`Ncat: Invalid port number "${extra ?? portText ?? ''}". QUITTING.`, 2);
  const address = isAddress(name) ? name : host.resolve(name);
  if (address === 'unknown' || address === 'silent')
    return failed(`Ncat: Could not resolve hostname "${name}": Name or service not known. QUITTING.`, 2);
  const timeoutMs = seconds === undefined ? CONNECT_TIMEOUT_MS : seconds * 1000;
  return connectTo(host, { tool: 'nc', name, address, port, switches: [...switches] }, at, timeoutMs);
}

export function ncSays({ address, port, switches }: ConnectState, outcome: Outcome) {
  const verbose = switches.includes('v');
  const version = verbose ? VERSION : '';
  switch (outcome.kind) {
    case 'timeout':
      return { stdout: '', stderr: `${version}Ncat: TIMEOUT.\n`, exitCode: 1 };
    case 'refused':
      return { stdout: '', stderr: `${version}Ncat: Connection refused.\n`, exitCode: 1 };
    case 'connected': {
      const banner = outcome.service === 'ssh' && !switches.includes('z') ? 'SSH-2.0-OpenSSH_8.7\r\n' : '';
      const told = `Ncat: Connected to ${address}:${port}.\nNcat: 0 bytes sent, ${banner.length} bytes received in 0.01 seconds.\n`;
      return { stdout: banner, stderr: verbose ? version + told : '', exitCode: 0 };
    }
  }
}
