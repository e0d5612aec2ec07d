/** The walk on a screen. */
import { render } from 'ink';
import type { Step } from '../lab/schema.ts';
import type { Walk } from '../run/walk.ts';
import { App, type Ending } from './app.tsx';
import { ColourContext } from './theme.ts';

export interface ScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** False: no colour, bold or dim at all. */
  readonly colour: boolean;
  /** The step's solution as AWS CLI commands. */
  commandsOf(step: Step): string;
  /** How to reach the sandbox with other tools. */
  readonly sandboxHint?: string;
}

/** Draws the walk until the learner quits. Both streams must be a terminal. Work under way is stopped at the end. */
export async function showWalk(
  walk: Walk,
  { stdin, stdout, colour, commandsOf, sandboxHint }: ScreenOptions,
): Promise<Ending> {
  const app = render(
    <ColourContext value={colour}>
      <App walk={walk} sandboxHint={sandboxHint} commandsOf={commandsOf} />
    </ColourContext>,
    {
      stdin,
      stdout,
      alternateScreen: true,
      interactive: true,
      incrementalRendering: true,
      exitOnCtrlC: false,
    },
  );
  return (await app.waitUntilExit()) === 'quit' ? 'quit' : 'interrupted';
}
