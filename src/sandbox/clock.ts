/** The sandbox's time: the real clock's, shifted and scaled. It never runs by itself; whoever asks reads it. */
export interface Clock {
  /** Epoch milliseconds, whole. */
  now(): number;
}

/** @param base The sandbox's time now. @param scale Sandbox seconds a real second. */
export function startClock(base: number, scale: number, realNow: () => number): Clock {
  const start = realNow();
  return { now: () => Math.floor(base + (realNow() - start) * scale) };
}
