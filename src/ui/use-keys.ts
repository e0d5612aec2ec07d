/** Key presses as commands of the table. Only one screen is mounted at a time, so only one hears the keys. */
import { useInput } from 'ink';
import { useEffect, useReducer, useRef } from 'react';
import { type Command, type Situation, usableOn } from './keys.ts';
import { type Press, pressesOf } from './presses.ts';
import type { Screen } from './view.ts';

export type Acts = Partial<Record<Command, (name: string) => void>>;

/** @param other hears what the table does not name: text that is typed. */
export function useKeys(
  screen: Screen['kind'],
  situation: Situation,
  acts: Acts,
  other?: (name: string, text: string) => void,
): void {
  const waiting = useRef<Press[]>([]);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);

  useInput((input, key) => {
    waiting.current.push(...pressesOf(input, key));
    drawAgain();
  });
  // One press for each drawing, so that each meets what the one before it has changed.
  useEffect(() => {
    const press = waiting.current.shift();
    if (!press) return;
    const binding = usableOn(screen, situation).find(({ keys }) => keys.includes(press.name));
    if (binding) acts[binding.command]?.(press.name);
    else other?.(press.name, press.text);
    if (waiting.current.length > 0) drawAgain();
  });
}
