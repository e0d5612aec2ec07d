/** The sandbox's time: the real clock's, shifted and scaled. It never runs by itself; whoever asks reads it. */
export interface Clock {
  /** Epoch milliseconds, whole. */
  now(): number;
  /** Lets this much of the sandbox's time pass at once, milliseconds. */
  advance(milliseconds: number): void;
}

/** @param base The sandbox's time now. @param scale Sandbox seconds a real second. */
export function startClock(base: number, scale: number, realNow: () => number): Clock {
  const start = realNow();
  let ahead = 0;
  return {
    now: () => Math.floor(base + ahead + (realNow() - start) * scale),
    advance(milliseconds) {
      ahead += milliseconds;
    },
  };
}
