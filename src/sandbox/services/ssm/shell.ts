/** The commands that instances of the sandbox know. A closed set, looked up by name: nothing is ever handed to a shell. */
import ipaddr from 'ipaddr.js';
import type { Finished, Host } from './host.ts';
import { ping } from './ping.ts';

/**
 * Runs a script line by line, as `sh` does without `set -e`: the last exit code counts.
 * @param start Epoch milliseconds. @param limitMs The script's execution timeout.
 */
export function runScript(
  lines: readonly string[],
  path: string,
  host: Host,
  start: number,
  limitMs: number,
): Finished {
  let done: Finished = { stdout: '', stderr: '', exitCode: 0, durationMs: 0 };
  for (const [index, line] of lines.flatMap((text) => text.split(/\r?\n/)).entries()) {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0 || line.trim().startsWith('#')) continue;
    const place = `${path}: line ${index + 1}`;
    const next = runCommand(words, place, host, start + done.durationMs, limitMs - done.durationMs);
    done = {
      stdout: done.stdout + next.stdout,
      stderr: done.stderr + next.stderr,
      exitCode: next.exitCode,
      durationMs: done.durationMs + next.durationMs,
    };
    if (done.durationMs >= limitMs) break;
  }
  return done;
}

function runCommand(words: readonly string[], place: string, host: Host, at: number, limitMs: number): Finished {
  const [name = '', ...rest] = words;
  const syntax = /[;&|<>()$`\\"'{}*?]/.exec(words.join(' '));
  if (syntax)
    return failed(`${place}: this sandbox runs single commands and no shell syntax such as \`${syntax[0]}'`, 2);
  if (name === 'ping') return ping(rest, host, at, limitMs);
  switch (words.join(' ')) {
    case 'hostname':
      return printed(host.name);
    case 'hostname -I':
      return printed(`${host.addresses.join(' ')} `);
    case 'ip a':
    case 'ip addr':
    case 'ip address':
    case 'ip addr show':
      return printed(addresses(host));
    case 'ip r':
    case 'ip route':
    case 'ip route show':
      return printed(routes(host));
    default:
      return failed(`${place}: ${name}: command not found`, 127);
  }
}

function printed(text: string): Finished {
  return { stdout: `${text}\n`, stderr: '', exitCode: 0, durationMs: 5 };
}

function failed(message: string, exitCode: number): Finished {
  return { stdout: '', stderr: `${message}\n`, exitCode, durationMs: 5 };
}

function addresses({ device, macAddress, interfaceId, addresses: own, subnet }: Host): string {
  const length = subnet.split('/')[1];
  const broadcast = ipaddr.IPv4.broadcastAddressFromCIDR(subnet).toString();
  return [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
    '       valid_lft forever preferred_lft forever',
    `2: ${device}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group default qlen 1000`,
    `    link/ether ${macAddress} brd ff:ff:ff:ff:ff:ff`,
    `    altname ${interfaceId}`,
    '    altname device-number-0.0',
    ...own.flatMap((address) => [
      `    inet ${address}/${length} metric 512 brd ${broadcast} scope global dynamic ${device}`,
      '       valid_lft 3600sec preferred_lft 3600sec',
    ]),
  ].join('\n');
}

/** As DHCP gives them: the subnet's router is its first address, the resolver its second (VPC User Guide, Subnet sizing). */
function routes({ device, addresses: own, subnet }: Host): string {
  const [network] = ipaddr.IPv4.parseCIDR(subnet);
  const [a, b, c, d = 0] = network.toByteArray();
  const router = [a, b, c, d + 1].join('.');
  const source = own[0] ?? '';
  return [
    `default via ${router} dev ${device} proto dhcp src ${source} metric 512 `,
    `${subnet} dev ${device} proto kernel scope link src ${source} metric 512 `,
    `${router} dev ${device} proto dhcp scope link src ${source} metric 512 `,
  ].join('\n');
}
