/** Deletes what a plan lists, in its order, and proves each gone by asking AWS for it. */
import { CallError, type CallSender } from '../../account/reader.ts';
import { LONGEST_NAME, oneLine } from '../../lib/terminal-text.ts';
import { FACTS, isGone } from './kinds.ts';
import type { Call, Planned } from './types.ts';

export interface Cleaning {
  readonly sender: CallSender;
  readonly resources: readonly Planned[];
  /** Ids of what is left alone, and so stays in the way. */
  readonly left: readonly string[];
  /** Stops after the call that is running. */
  readonly signal: AbortSignal;
  say(line: string): void;
  /** Waits between two tries; rejects when aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export type Outcome =
  | { readonly status: 'deleted' | 'gone' }
  /** AWS said no, or something that must go first is still there. */
  | { readonly status: 'failed'; readonly reason: string }
  /** It was to be deleted, and we could not see whether it is. */
  | { readonly status: 'unknown'; readonly reason: string };

export interface Cleaned {
  /** By id; what was not come to is not in it. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Why it ended early. */
  readonly ended?: 'interrupted' | { readonly message: string };
}

/** The cloud does not hear us, or does not know us any more: nothing else would go better. */
const CUT_OFF =
  /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENET|EPIPE|EPROTO|TimeoutError|Unknown$|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|CredentialsProviderError|TokenProviderError|RequestExpired|SignatureDoesNotMatch)/;
/** What passes when something else has gone, or when all of AWS has heard of it. */
const PASSES =
  /^(DependencyViolation|DeleteConflict|ConcurrentModification|IncorrectState|IncorrectInstanceState|VolumeInUse|InvalidIPAddress\.InUse|InvalidGroup\.InUse|InvalidNetworkInterface\.InUse|OperationAbortedException|ServiceUnavailable|InternalError|ServiceFailure|RequestLimitExceeded|Throttling)/;
const GONE = /NotFound|^NoSuchEntity|^Gateway\.NotAttached$/;

/** How long AWS may refuse: what is in the way goes within a minute or two, or not by itself. */
const REFUSED_MS = 3 * 60_000;
/** How long a thing may take to be gone: instances and NAT gateways need some minutes. */
const GOING_MS = 10 * 60_000;
/** A wait this long is worth a word. */
const WORD_MS = 2000;

class CutOff extends Error {}

export async function cleanUp(cleaning: Cleaning): Promise<Cleaned> {
  const { resources, signal, say } = cleaning;
  const outcomes = new Map<string, Outcome>();
  const settle = (resource: Planned, outcome: Outcome) => {
    outcomes.set(resource.id, outcome);
    say(`${described(resource)}: ${told(outcome)}`);
  };
  try {
    // All of one kind are told to go before the first of them is waited for: instances end side by side.
    for (const same of Map.groupBy(resources, ({ kind }) => kind).values()) {
      const started: { resource: Planned; wasThere: boolean }[] = [];
      for (const resource of same) {
        const hindrance = resource.needs.find((id) => cleaning.left.includes(id) || isThere(outcomes.get(id)));
        if (hindrance) settle(resource, { status: 'failed', reason: `not tried, as ${hindrance} is still there` });
        else {
          const sent = await sendAll(resource, cleaning);
          if ('reason' in sent) settle(resource, sent);
          else started.push({ resource, ...sent });
        }
      }
      for (const { resource, wasThere } of started) settle(resource, await prove(resource, wasThere, cleaning));
    }
    await lookAgain(cleaning, outcomes, settle);
  } catch (error) {
    if (signal.aborted) return { outcomes, ended: 'interrupted' };
    if (error instanceof CutOff) return { outcomes, ended: { message: error.message } };
    throw error;
  }
  return { outcomes };
}

/** Late records may have made a log group again; now that the flow log and its role are gone, it stays away. */
async function lookAgain(
  cleaning: Cleaning,
  outcomes: ReadonlyMap<string, Outcome>,
  settle: (resource: Planned, outcome: Outcome) => void,
): Promise<void> {
  for (const resource of cleaning.resources) {
    if (resource.kind !== 'log-group' || isThere(outcomes.get(resource.id))) continue;
    const { call, input } = FACTS['log-group'].proof(resource);
    const seen = await attempt({ call, input }, cleaning);
    if (!('answer' in seen) || isGone(resource, seen.answer)) continue;
    cleaning.say(`${described(resource)}: late records made it again`);
    const sent = await sendAll(resource, cleaning);
    settle(resource, 'reason' in sent ? sent : await prove(resource, true, cleaning));
  }
}

function isThere(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'reason' in outcome;
}

type Failed = Extract<Outcome, { readonly reason: string }>;

async function sendAll(resource: Planned, cleaning: Cleaning): Promise<{ readonly wasThere: boolean } | Failed> {
  let wasThere = true;
  for (const call of resource.calls) {
    const sent = await attempt(call, cleaning);
    if ('refused' in sent) return { status: 'failed', reason: sent.refused };
    wasThere = !('gone' in sent);
    const refused = 'answer' in sent ? unsuccessful(sent.answer) : undefined;
    if (refused !== undefined) return { status: 'failed', reason: `${call.call}: ${refused}` };
  }
  return { wasThere };
}

type Attempt = { readonly answer: unknown } | { readonly gone: true } | { readonly refused: string };

/** One call, again and again while its refusal may pass. @throws CutOff, or as `signal` and `sleep` do when stopped. */
async function attempt({ call, input }: Call, cleaning: Cleaning): Promise<Attempt> {
  const pauses = pausesOf(cleaning, REFUSED_MS, () => cleaning.say(`${call}: refused as yet, trying again`));
  for (;;) {
    cleaning.signal.throwIfAborted();
    try {
      return { answer: await cleaning.sender.send(call, input) };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (GONE.test(error.code)) return { gone: true };
      if (CUT_OFF.test(error.code)) throw new CutOff(error.message);
      if (!PASSES.test(error.code) || !(await pauses.next()))
        return { refused: `${call}: ${error.message} (${error.code})` };
    }
  }
}

async function prove(resource: Planned, wasThere: boolean, cleaning: Cleaning): Promise<Outcome> {
  const proof = FACTS[resource.kind].proof(resource);
  const pauses = pausesOf(cleaning, GOING_MS, () => cleaning.say(`${described(resource)}: going`));
  for (;;) {
    const seen = await attempt(proof, cleaning);
    if ('refused' in seen) return { status: 'unknown', reason: `deleted, but that could not be seen: ${seen.refused}` };
    if ('gone' in seen || isGone(resource, seen.answer)) return { status: wasThere ? 'deleted' : 'gone' };
    if (!(await pauses.next())) return { status: 'failed', reason: 'AWS took the deletion, and it is still there' };
  }
}

/** Short pauses first, then longer ones within AWS's request rates; `next` tells whether there was patience for one more. */
function pausesOf({ sleep, signal }: Cleaning, patienceMs: number, word: () => void) {
  let milliseconds = 50;
  let waited = 0;
  return {
    async next(): Promise<boolean> {
      if (waited >= patienceMs) return false;
      if (waited < WORD_MS && waited + milliseconds >= WORD_MS) word();
      await sleep(milliseconds, signal);
      waited += milliseconds;
      milliseconds = Math.min(Math.round(milliseconds * 1.6), 3000);
      return true;
    },
  };
}

/** Some deletions answer 200 and tell what was not done (EC2 API Reference, DeleteFlowLogs, DeleteVpcEndpoints). */
function unsuccessful(answer: unknown): string | undefined {
  const list: unknown = Object(answer).Unsuccessful;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const { Code, Message } = Object(Object(first).Error) as { Code?: unknown; Message?: unknown };
  return first === undefined || GONE.test(String(Code)) ? undefined : `${String(Message)} (${String(Code)})`;
}

export function described({ kind, id, name }: Pick<Planned, 'kind' | 'id' | 'name'>): string {
  const { label } = FACTS[kind];
  if (id.startsWith('arn:')) return `${label} ${name}`;
  return `${label} ${id}${name ? ` (${oneLine(name, LONGEST_NAME)})` : ''}`;
}

function told(outcome: Outcome): string {
  return 'reason' in outcome ? `${outcome.status === 'failed' ? 'failed: ' : ''}${outcome.reason}` : outcome.status;
}
