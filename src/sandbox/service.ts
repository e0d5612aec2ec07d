/** What a service of the sandbox is: a table of plain functions, one an operation, typed by the SDK's own shapes. */
import type { AccountState, RegionState, WorldState } from './world.ts';

/** All that an operation may touch. */
export interface Request {
  readonly world: WorldState;
  readonly account: AccountState;
  readonly region: RegionState;
  readonly regionName: string;
  /** The sandbox's clock, epoch milliseconds. */
  readonly now: number;
  /** The access key that signed the request. */
  readonly accessKeyId: string;
  /** A seeded random number in [0, 1). */
  random(): number;
  /** What chance beyond those numbers decides, such as a new key: kept, so that doing the same again gives the same. */
  decide<T>(make: () => T): T;
}

export type Operation<Input, Output> = (request: Request, input: Input) => Output;

// biome-ignore lint/suspicious/noExplicitAny: a table holds operations of different inputs; the codec hands each the input of its own schema
export type Operations = Readonly<Record<string, Operation<any, unknown>>>;

/** AWS's own refusal: its code, its words, its HTTP status. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** What else the error's shape has, where the protocol can say it (AWS JSON). */
  readonly details: object;
  constructor(code: string, message: string, status = 400, details: object = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}
