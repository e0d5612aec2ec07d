/** Key presses as commands of the table. Only one screen is mounted at a time, so only one hears the keys. */
import { useInput } from 'ink';
import { type Command, keyName, type Situation, usableOn } from './keys.ts';
import type { Screen } from './view.ts';

export type Acts = Partial<Record<Command, (name: string) => void>>;

/** @param other hears what the table does not name: text that is typed. */
export function useKeys(
  screen: Screen['kind'],
  situation: Situation,
  acts: Acts,
  other?: (name: string, input: string) => void,
): void {
  useInput((input, key) => {
    const name = keyName(input, key);
    const binding = usableOn(screen, situation).find(({ keys }) => keys.includes(name));
    if (binding) acts[binding.command]?.(name);
    else other?.(name, key.ctrl || key.meta ? '' : input);
  });
}
