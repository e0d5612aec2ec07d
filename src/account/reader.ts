/** What the engine asks of a cloud. Implemented live (AWS SDK) and, later, from a recording. */
import type { CloudIdentity } from '../check.ts';
import type { AnswerTo, Question, Reading, SliceName, Slices } from '../model/account.ts';

export interface CallCount {
  readonly total: number;
  /** `ec2:DescribeVpcs` -> how often it was sent, retries left out. */
  readonly byOperation: Readonly<Record<string, number>>;
}

export interface AccountReader {
  /** Who we are and where. An `Unread` here means that nothing else can be read either. */
  identity(): Promise<Reading<CloudIdentity>>;
  /** One slice, paged to its end. Asked twice, it is read once. */
  read<N extends SliceName>(slice: N): Promise<Reading<Slices[N]>>;
  /** One question. Asked twice (the same data), it is answered once. */
  ask<Q extends Question>(question: Q): Promise<Reading<AnswerTo<Q>>>;
  /** The cloud's clock, from the `Date` of its last answer; epoch milliseconds. */
  now(): number;
  calls(): CallCount;
  close(): void;
}

/** Sends one call of a reference solution, such as `ec2:CreateVpc`. Rejects with a `CallError`. */
export interface CallSender {
  send(call: string, input: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<unknown>;
  close(): void;
}

/** AWS's own error for one call, or that it could not be reached. */
export class CallError extends Error {
  readonly code: string;
  readonly call: string;
  constructor(call: string, code: string, message: string) {
    super(message);
    this.name = 'CallError';
    this.call = call;
    this.code = code;
  }
}

/** Where to look: the flags of every command, resolved. */
export interface Target {
  readonly kind: 'aws' | 'sandbox';
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** Of the sandbox, whose keys are no secret, or of a role that was assumed. Else the SDK's own chain is used. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}
