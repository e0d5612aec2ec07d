/** The way to the Redis, or Valkey, that holds a queue. Its URL may hold a password: only `place` is ever shown. */
import { Redis } from 'ioredis';
import { codeOf, messageOf } from '../../lib/message.ts';

export interface Connection {
  readonly redis: Redis;
  /** The queue's name there. */
  readonly queue: string;
  /** Where it is, without user and password. */
  readonly place: string;
  /** Whoever uses it says what went wrong; each thing is told once. */
  readonly trouble: (error: unknown) => void;
  close(): void;
}

/** `URL`: it cannot be used as it is written. `AWAY`: nobody answers there, or refuses us. */
export class QueueError extends Error {
  readonly code: 'URL' | 'AWAY';
  constructor(code: 'URL' | 'AWAY', message: string) {
    super(message);
    this.name = 'QueueError';
    this.code = code;
  }
}

interface Address extends Pick<Connection, 'queue' | 'place'> {
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly db: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: Record<string, never>;
  };
}

const PORT = 6379;
/** Ours among the keys of others. */
export const PREFIX = 'labproof';
const QUEUE = 'class';
/** BullMQ's scripts need its streams. */
const OLDEST_REDIS = 5;
const REACH_MS = 8000;
const RECONNECT_MS = 1000;
/** For a server that does not answer our farewell. */
const PART_MS = 500;
/** Grading asks all the time, and a worker every few seconds: what is silent for so long is a network that was cut. */
const SILENCE_MS = 30_000;

/** A command that the connection was lost over; a job that went on elsewhere, which is what queues are for. */
const QUIET = /^Connection is closed|^Command aborted|\block\b|^Missing key for job/i;

/**
 * Resolves when the queue answers. Lost later, it is waited for, without end.
 * @param tell What the user should know of it meanwhile.
 * @throws QueueError
 */
export async function openQueue(url: string, tell: (message: string) => void): Promise<Connection> {
  const { options, queue, place } = addressOf(url);
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: REACH_MS,
    disconnectTimeout: PART_MS,
    // Commands wait until Redis is back, and are sent again then: each of ours may be done twice.
    maxRetriesPerRequest: null,
    retryStrategy: () => RECONNECT_MS,
  });
  // ioredis' own option for this holds up the end of the process.
  redis.on('connect', () => redis.stream.setTimeout(SILENCE_MS, () => redis.stream.destroy()));
  const told = new Set<string>();
  let closed = false;
  let away = false;
  const trouble = (error: unknown) => {
    const message = messageOf(error);
    // Of the connection (those have a code) there is a word below.
    if (closed || codeOf(error) !== '' || QUIET.test(message) || told.has(message)) return;
    told.add(message);
    tell(`The queue at ${place}: ${message}`);
  };
  const close = () => {
    closed = true;
    redis.disconnect();
  };
  try {
    await reached(redis);
    const unfit = await unfitness(redis);
    if (unfit.refused !== undefined) throw new Error(unfit.refused);
    if (unfit.warned !== undefined) tell(`The queue at ${place} ${unfit.warned}`);
  } catch (error) {
    close();
    throw new QueueError('AWAY', `The queue at ${place} cannot be used: ${plainly(error)}`);
  }
  redis.on('error', trouble);
  redis.on('close', () => {
    if (closed || away) return;
    away = true;
    tell(`The queue at ${place} is away. Waiting until it is back.`);
  });
  redis.on('ready', () => {
    if (!away) return;
    away = false;
    tell(`The queue at ${place} is back.`);
  });
  return { redis, queue, place, trouble, close };
}

/** `redis://user:password@host:port/database#name`, or `rediss://` for TLS. @throws QueueError, without what was written: it may hold a password */
function addressOf(text: string): Address {
  const url = URL.parse(text);
  const [, db] = /^\/?(\d{0,5})$/.exec(url?.pathname ?? '') ?? [];
  const name = url?.hash.slice(1) || QUEUE;
  const fits = url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && url.search === '';
  if (!fits || db === undefined || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) throw badUrl();
  const port = url.port === '' ? PORT : Number(url.port);
  return {
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      db: Number(db),
      ...(url.username !== '' && { username: decoded(url.username) }),
      ...(url.password !== '' && { password: decoded(url.password) }),
      ...(url.protocol === 'rediss:' && { tls: {} }),
    },
    queue: name,
    place: `${url.protocol}//${url.hostname}:${port}/${Number(db)}${name === QUEUE ? '' : `#${name}`}`,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badUrl();
  }
}

function badUrl(): QueueError {
  return new QueueError(
    'URL',
    "This is no URL of a Redis. Write --queue redis://HOST:6379; in full rediss://USER:PASSWORD@HOST:PORT/DATABASE#NAME, where rediss is Redis by TLS, and a password's punctuation is written as %XX.",
  );
}

function reached(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('nothing answers there.')), REACH_MS);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      redis.off('error', failed);
      redis.off('ready', ready);
      // It goes on trying until it is closed.
      redis.on('error', () => {});
      act();
    };
    const failed = (error: Error) => settle(() => reject(error));
    const ready = () => settle(resolve);
    redis.on('error', failed);
    redis.on('ready', ready);
    redis.connect().catch(() => {});
  });
}

/** BullMQ would print this itself, for each of its connections. Unknown where Redis does not let us ask. */
async function unfitness(redis: Redis): Promise<{ readonly refused?: string; readonly warned?: string }> {
  const text = await redis.info().catch(() => '');
  const value = (key: string) => new RegExp(`^${key}:(.*?)\\r?$`, 'm').exec(text)?.[1];
  const version = value('redis_version');
  if (version !== undefined && Number.parseInt(version, 10) < OLDEST_REDIS)
    return { refused: `it is Redis ${version}, and ${OLDEST_REDIS} or newer is needed.` };
  const policy = value('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction' && value('maxmemory') !== '0')
    return {
      warned: `drops jobs when its memory is full (maxmemory-policy ${policy}). They are put there again, but noeviction is better.`,
    };
  return {};
}

function plainly(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'nothing listens there.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host.';
  if (code === 'ECONNRESET') return 'the connection was cut. Does it want TLS (rediss://)?';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'it does not speak TLS. Is it redis:// instead?';
  const message = messageOf(error);
  if (message.startsWith('Protocol error')) return 'what answers there is no Redis.';
  if (/^(Ready check failed: )?(NOAUTH|WRONGPASS)|invalid password/.test(message))
    return 'it refuses the user or the password, or asks for one.';
  return message;
}
