/** A command that takes time: what it is doing is plain data, so that it goes on where it was after a restart. */
import type { ConnectState } from './connect.ts';
import type { PingState } from './ping.ts';

export type Process = PingState | ConnectState;

/** What a command may still take. */
export interface Limits {
  /** After so many milliseconds it is killed. */
  readonly ms: number;
  /** So many packets may its script still send: each is looked at when much time has passed at once. */
  readonly packets: number;
}

/** How a command ended. */
export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly durationMs: number;
}

/** What a process printed since it was last looked at, and how it ended where it has. Time in epoch milliseconds. */
export interface Progress {
  readonly stdout: string;
  readonly stderr: string;
  readonly ended?: { readonly at: number; readonly exitCode: number };
}

export function printed(stdout: string): Finished {
  return { stdout: `${stdout}\n`, stderr: '', exitCode: 0, durationMs: 5 };
}

export function failed(message: string, exitCode: number): Finished {
  return { stdout: '', stderr: `${message}\n`, exitCode, durationMs: 5 };
}
