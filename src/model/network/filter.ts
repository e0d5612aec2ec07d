/** What security groups and network ACLs have in common: the packet that they judge, and what they say. */
import type { Code } from './codes.ts';

export type Direction = 'ingress' | 'egress';

/** A packet's headers where it is judged. For ICMP the ports mean nothing; the type is 8 (echo request) unless told. */
export interface Flow {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  /** It came through an instance that forwards, so security groups do not know its sender any more. */
  readonly forwarded?: boolean;
}

/** `id` is the group or ACL that decided; `rule` says by which rule, or what was looked for in vain. */
export type FilterDecision =
  | { readonly outcome: 'passed'; readonly id: string; readonly rule: string }
  | { readonly outcome: 'stopped' | 'undecided'; readonly id: string; readonly rule: string; readonly code: Code };

/** As IANA numbers them. */
export const PROTOCOL_NUMBER = { icmp: '1', tcp: '6', udp: '17' } as const;

/** `icmp type 8 from 10.1.0.5 to 10.2.0.7`. */
export function flowText(flow: Flow): string {
  const what =
    flow.protocol === 'icmp' ? `icmp type ${icmpType(flow)}` : `${flow.protocol} ${flow.destinationPort ?? 0}`;
  return `${what} from ${flow.source} to ${flow.destination}`;
}

export function icmpType(flow: Flow): number {
  return flow.icmpType ?? 8;
}

export function within(port: number, from: number, to: number): boolean {
  return from <= port && port <= to;
}
