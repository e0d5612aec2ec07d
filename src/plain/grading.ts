/** How the grading of a class goes on, as text. */
import { oneLine } from './words.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unknown: number;
  /** Done in this run, and how long that took: those of an earlier run tell nothing about the speed. */
  readonly now: number;
  readonly elapsedMs: number;
}

const BAR = 20;

/** `[#####...............] 250 of 1000, 12.4 a second, 1:00 left, 3 could not be told`. */
export function progressLine({ done, total, unknown, now, elapsedMs }: Progress): string {
  const filled = total === 0 ? BAR : Math.floor((done / total) * BAR);
  const rate = elapsedMs > 0 ? (now * 1000) / elapsedMs : 0;
  return [
    `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done} of ${total}`,
    ...(rate > 0 ? [`${rate.toFixed(1)} a second`] : []),
    ...(rate > 0 && done < total ? [`${duration((total - done) / rate)} left`] : []),
    ...(unknown > 0 ? [`${unknown} could not be told`] : []),
  ].join(', ');
}

/** What stands between an account and its grade. */
export function troubleLine(learner: string, reason: string, again: boolean): string {
  return oneLine(`${learner}: ${again ? 'again, ' : ''}${reason}`);
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, '0')}`;
}
