/**
 * A TCP connection from an instance, as `curl` and `nc` make one. The network model says whether the packets pass; the
 * host at the other end has what Amazon Linux has: an SSH server, and a web server where its user data installs one.
 */
import type { Walk } from '../../model/network/packet.ts';
import { pick } from '../ids.ts';
import type { Host } from './host.ts';
import type { Progress } from './process.ts';

/** What a connection came to, for the tool to put in words. */
export type Outcome =
  | { readonly kind: 'connected'; readonly service: 'ssh' | 'http' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'timeout' };

export interface ConnectState {
  kind: 'connect';
  tool: 'curl' | 'nc';
  /** As it was typed. */
  name: string;
  address: string;
  port: number;
  sourcePort: number;
  /** The tool's switches that change what it prints. */
  switches: string[];
  started: number;
  tries: number;
  giveUpMs: number;
  limited: boolean;
}

/** Linux sends the first SYN again after 1, 2, 4 … seconds, six times, and gives up after 127 (tcp(7), tcp_syn_retries). */
const SYN_AT = [0, 1000, 3000, 7000, 15_000, 31_000, 63_000];
export const SYSTEM_TIMEOUT_MS = 127_000;

const FLAGS = { fin: 1, syn: 2, rst: 4, synAck: 18 } as const;
/** Of packets without data, IP header included. */
const BYTES = { syn: 60, rst: 40 } as const;
/** What is said over the connection, client and server: packets and bytes. */
const TALK = {
  none: { asked: { packets: 2, bytes: 104 }, told: { packets: 1, bytes: 52 } },
  ssh: { asked: { packets: 3, bytes: 156 }, told: { packets: 2, bytes: 125 } },
  http: { asked: { packets: 4, bytes: 285 }, told: { packets: 3, bytes: 461 } },
} as const;

export function connectTo(
  host: Host,
  target: Pick<ConnectState, 'tool' | 'name' | 'address' | 'port' | 'switches'>,
  at: number,
  timeoutMs: number | undefined,
): ConnectState {
  return {
    kind: 'connect',
    ...target,
    sourcePort: 32_768 + pick(host.random, 28_232),
    started: at,
    tries: 0,
    giveUpMs: Math.min(timeoutMs ?? SYSTEM_TIMEOUT_MS, SYSTEM_TIMEOUT_MS),
    limited: timeoutMs !== undefined,
  };
}

/** Sends the SYNs that are due until then. @param say The tool's words for the outcome. */
export function continueConnect(
  state: ConnectState,
  host: Host,
  until: number,
  say: (outcome: Outcome, tookMs: number) => { stdout: string; stderr: string; exitCode: number },
): Progress {
  for (;;) {
    const next = state.started + (SYN_AT[state.tries] ?? Infinity);
    const end = state.started + state.giveUpMs;
    if (next >= end) {
      if (end > until) return { stdout: '', stderr: '' };
      const { exitCode, ...text } = say({ kind: 'timeout' }, state.giveUpMs);
      return { ...text, ended: { at: end, exitCode } };
    }
    if (next > until) return { stdout: '', stderr: '' };
    state.tries += 1;
    const way = host.walk({
      protocol: 'tcp',
      to: state.address,
      sourcePort: state.sourcePort,
      destinationPort: state.port,
    });
    const service = way.receiverId === undefined ? undefined : host.serviceAt(way.receiverId, state.port);
    const undecided = way.stoppedAt?.outcome === 'undecided' ? way.stoppedAt.rule : undefined;
    if (undecided !== undefined) {
      const stderr = `${state.tool}: this sandbox cannot tell what becomes of a connection to ${state.address}: ${undecided}\n`;
      return { stdout: '', stderr, ended: { at: Math.ceil(next), exitCode: 1 } };
    }
    note(way, service, host, Math.floor(next), state.switches.includes('z'));
    if (way.answer !== 'delivered') continue;
    const tookMs = next - state.started + 1 + 2 * host.random();
    const { exitCode, ...text } = say(service ? { kind: 'connected', service } : { kind: 'refused' }, tookMs);
    return { ...text, ended: { at: Math.ceil(state.started + tookMs), exitCode } };
  }
}

/** What the interfaces see: of an open port the whole conversation, of a closed one a reset. */
function note(way: Walk, service: 'ssh' | 'http' | undefined, host: Host, at: number, silent: boolean): void {
  const [request, answer] = [
    way.crossings.filter(({ leg }) => leg === 'request'),
    way.crossings.filter(({ leg }) => leg === 'answer'),
  ];
  const talk = way.answer === 'delivered' && service ? TALK[silent ? 'none' : service] : undefined;
  const times = [at];
  host.sight(request, { protocol: 6, packets: 1, bytes: BYTES.syn, flags: FLAGS.syn, times });
  const reply = service ? { bytes: BYTES.syn, flags: FLAGS.synAck } : { bytes: BYTES.rst, flags: FLAGS.rst };
  host.sight(answer, { protocol: 6, packets: 1, ...reply, times });
  if (!talk) return;
  host.sight(request, { protocol: 6, ...talk.asked, flags: FLAGS.fin, times });
  host.sight(answer, { protocol: 6, ...talk.told, flags: FLAGS.fin, times });
}
