/** The root of the screen: reads the walk's state, and shows one screen at a time. */
import { useApp, useWindowSize } from 'ink';
import { useState, useSyncExternalStore } from 'react';
import type { Step } from '../lab/schema.ts';
import type { Walk } from '../run/walk.ts';
import { layoutOf } from './layout.ts';
import { AnswerScreen } from './screens/answer.tsx';
import { ConfirmScreen } from './screens/confirm.tsx';
import { HelpScreen } from './screens/help.tsx';
import { TinyScreen } from './screens/tiny.tsx';
import { WalkScreen } from './screens/walk.tsx';
import { FIRST_VIEW, type View } from './view.ts';

export type Ending = 'quit' | 'interrupted';

export interface AppProps {
  readonly walk: Walk;
  readonly sandboxHint: string | undefined;
  commandsOf(step: Step): string;
}

export function App({ walk, sandboxHint, commandsOf }: AppProps) {
  const state = useSyncExternalStore(walk.subscribe, walk.get);
  const [view, show] = useState<View>(FIRST_VIEW);
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  const layout = layoutOf(columns, rows);

  function leave(ending: Ending): void {
    void walk.send({ type: 'stop' });
    exit(ending);
  }
  function interrupt(): void {
    if (walk.get().busy) void walk.send({ type: 'stop' });
    else leave('interrupted');
  }
  const close = () => show({ ...view, screen: { kind: 'walk' } });
  const common = { state, layout, interrupt };

  if (layout.shape === 'tiny') return <TinyScreen {...common} quit={() => leave('quit')} />;
  switch (view.screen.kind) {
    case 'help':
      return <HelpScreen {...common} close={close} />;
    case 'confirm':
      return (
        <ConfirmScreen
          {...common}
          answer={(yes) => {
            show({ ...view, screen: { kind: 'walk' }, ...(yes && { section: 'checks' }) });
            if (yes) void walk.send({ type: 'solve' });
          }}
        />
      );
    case 'answer':
      return <AnswerScreen {...common} walk={walk} asked={view.screen} close={close} />;
    case 'walk':
      return (
        <WalkScreen
          {...common}
          walk={walk}
          view={view}
          show={show}
          sandboxHint={sandboxHint}
          commandsOf={commandsOf}
          quit={() => leave('quit')}
        />
      );
  }
}
