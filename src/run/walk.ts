/** The guided walk as a store: screens show its state and send it actions; the work behind them is handed in. */
import type { Lab } from '../lab/schema.ts';
import { messageOf } from '../lib/message.ts';
import type { Result } from './result.ts';
import { advance, type Session } from './session.ts';

export interface Notice {
  readonly tone: 'info' | 'good' | 'error';
  readonly text: string;
}

export type Work = 'checking' | 'solving' | 'reporting';

export interface WalkState {
  readonly lab: Lab;
  readonly session: Session;
  /** The newest verification of this run; never believed from disk. */
  readonly result?: Result;
  readonly busy?: { readonly work: Work; readonly detail: string };
  readonly notice?: Notice;
  /** Where this run wrote the write-up. */
  readonly reportPath?: string;
}

export type WalkAction =
  | { readonly type: 'check' }
  /** Apply the reference solution of the current step (sandbox only). */
  | { readonly type: 'solve' }
  | { readonly type: 'hint' }
  | { readonly type: 'answer'; readonly question: string; readonly value: string | number }
  | { readonly type: 'go'; readonly step: string }
  | { readonly type: 'report' }
  /** Stop the work under way. */
  | { readonly type: 'stop' };

/** The work behind the actions. Progress lines go to `say`; every function stops when `signal` aborts. */
export interface WalkWork {
  verify(signal: AbortSignal, say: (detail: string) => void): Promise<Result>;
  /** Absent where the cloud is a real account: there the learner does it, or `solve --yes`. */
  solve?(step: string, signal: AbortSignal, say: (detail: string) => void): Promise<void>;
  /** Writes the write-up and returns its path. */
  report(session: Session, result: Result): Promise<string>;
  save(session: Session): void | Promise<void>;
  now(): number;
}

export interface Walk {
  get(): WalkState;
  subscribe(listener: () => void): () => void;
  /** Resolves when the work that the action started is done; never rejects (a failure becomes a notice). */
  send(action: WalkAction): Promise<void>;
}

export function createWalk(lab: Lab, session: Session, work: WalkWork): Walk {
  let state: WalkState = { lab, session };
  let running: AbortController | undefined;
  const listeners = new Set<() => void>();

  function set(next: WalkState): void {
    state = next;
    for (const listener of listeners) listener();
  }
  async function update(event: Parameters<typeof advance>[1]): Promise<void> {
    const next = advance(state.session, event);
    set({ ...state, session: next });
    try {
      await work.save(next);
    } catch (error) {
      set({ ...state, notice: { tone: 'error', text: `Your progress could not be saved: ${messageOf(error)}` } });
    }
  }

  async function run(
    kind: Work,
    task: (signal: AbortSignal, say: (detail: string) => void) => Promise<Notice | undefined>,
  ) {
    if (state.busy) return;
    running = new AbortController();
    const { notice: _old, ...rest } = state;
    set({ ...rest, busy: { work: kind, detail: '' } });
    let notice: Notice | undefined;
    try {
      notice = await task(running.signal, (detail) => set({ ...state, busy: { work: kind, detail } }));
    } catch (error) {
      notice = running.signal.aborted ? { tone: 'info', text: 'Stopped.' } : { tone: 'error', text: messageOf(error) };
    }
    const { busy: _busy, ...done } = state;
    set(notice ? { ...done, notice } : done);
  }

  async function check(signal: AbortSignal, say: (detail: string) => void): Promise<Notice | undefined> {
    const result = await work.verify(signal, say);
    set({ ...state, result });
    await update({ type: 'verified', result, at: work.now() });
    return undefined;
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async send(action) {
      switch (action.type) {
        case 'check':
          return run('checking', check);
        case 'solve':
          return run('solving', async (signal, say) => {
            if (!work.solve)
              return { tone: 'info', text: 'On a real account you do the step yourself; labproof only checks it.' };
            await work.solve(state.session.step, signal, say);
            return check(signal, say);
          });
        case 'report':
          return run('reporting', async (signal, say) => {
            const result = state.result ?? (await work.verify(signal, say));
            const reportPath = await work.report(state.session, result);
            set({ ...state, reportPath });
            return { tone: 'good', text: `Report written: ${reportPath}` };
          });
        case 'hint': {
          const step = lab.steps.find(({ id }) => id === state.session.step);
          if (step) await update({ type: 'hint-opened', step: step.id, of: step.hints.length });
          return;
        }
        case 'answer':
          return update({ type: 'answered', question: action.question, value: action.value, at: work.now() });
        case 'go':
          if (lab.steps.some(({ id }) => id === action.step)) await update({ type: 'step-chosen', step: action.step });
          return;
        case 'stop':
          running?.abort();
          return;
      }
    },
  };
}
