/** The commands that instances of the sandbox know. A closed set, looked up by name: nothing is ever handed to a shell. */
import { continueConnect } from './connect.ts';
import { curlSays, startCurl } from './curl.ts';
import { addressesOf, type Host } from './host.ts';
import { ipAddresses, ipRoutes } from './ip.ts';
import { ncSays, startNc } from './nc.ts';
import { continuePing, startPing } from './ping.ts';
import { type Finished, failed, type Limits, type Process, type Progress, printed } from './process.ts';

const KNOWN = 'ping, curl, nc, hostname, ip addr, ip route, echo and true';

/**
 * @param place Where the line stands, for the messages of a shell.
 * @param at When it starts, epoch milliseconds.
 */
export function startCommand(line: string, place: string, host: Host, at: number, limits: Limits): Process | Finished {
  const syntax = /[;&|<>()$`\\"'{}*?]/.exec(line);
  if (syntax)
    return failed(`${place}: this sandbox runs single commands and no shell syntax such as \`${syntax[0]}'`, 2);
  const words = line.split(/\s+/).filter(Boolean);
  const [name = '', ...rest] = words;
  switch (name) {
    case 'ping':
      return startPing(rest, host, at, limits);
    case 'curl':
      return startCurl(rest, host, at);
    case 'nc':
    case 'ncat':
      return startNc(rest, host, at);
  }
  if (name === 'echo') return printed(rest.join(' '));
  switch (words.join(' ')) {
    case 'true':
      return { stdout: '', stderr: '', exitCode: 0, durationMs: 5 };
    case 'hostname':
    case 'hostname -f':
      return printed(host.name);
    case 'hostname -i':
    case 'hostname -I':
      return printed(`${addressesOf(host).join(' ')} `);
    case 'ip a':
    case 'ip addr':
    case 'ip address':
    case 'ip addr show':
      return printed(ipAddresses(host));
    case 'ip r':
    case 'ip route':
    case 'ip route show':
      return printed(ipRoutes(host));
    default:
      return failed(`${place}: ${words.join(' ')}: this sandbox knows ${KNOWN} only`, 127);
  }
}

export function continueCommand(process: Process, host: Host, until: number): Progress {
  if (process.kind === 'ping') return continuePing(process, host, until);
  return continueConnect(process, host, until, (outcome, tookMs) =>
    process.tool === 'curl' ? curlSays(process, outcome, tookMs) : ncSays(process, outcome),
  );
}
