/** The sections of a step; the one that is shown stands over the heavy part of the rule. */
import { Box } from 'ink';
import { currentStep, isOpen, resultOf } from '../../plain/progress.ts';
import type { WalkState } from '../../run/walk.ts';
import { questionsAt, type Section, sectionsOf, type View } from '../view.ts';
import { Line, Toned } from './toned.tsx';

export interface TabsProps {
  readonly state: WalkState;
  readonly view: View;
  readonly width: number;
  readonly gapBelow: number;
}

export function Tabs({ state, view, width, gapBelow }: TabsProps) {
  const { tabs, gap } = fitting(
    sectionsOf(view).map((section) => ({ section, text: labelOf(section, state) })),
    width,
  );
  const selected = tabs.findIndex(({ section }) => section === view.section);
  const before = tabs.slice(0, selected).reduce((sum, { text }) => sum + text.length + gap, 0);
  const length = tabs[selected]?.text.length ?? 0;
  return (
    <Box flexDirection="column" flexShrink={0} width={width} marginBottom={gapBelow}>
      <Line>
        {tabs.map(({ section, text }, index) => (
          <Toned key={section} tone={section === view.section ? 'accent' : 'quiet'}>
            {`${index > 0 ? ' '.repeat(gap) : ''}${text}`}
          </Toned>
        ))}
      </Line>
      <Line tone="quiet">
        {'─'.repeat(before)}
        <Toned tone="accent">{'━'.repeat(length)}</Toned>
        {'─'.repeat(Math.max(0, width - before - length))}
      </Line>
    </Box>
  );
}

interface Tab {
  readonly section: Section;
  readonly text: string;
}

/** In a narrow window the tabs move together, then lose their counts. */
function fitting(tabs: readonly Tab[], width: number): { readonly tabs: readonly Tab[]; readonly gap: number } {
  const length = tabs.reduce((sum, { text }) => sum + text.length, 0);
  if (length + 3 * (tabs.length - 1) <= width) return { tabs, gap: 3 };
  if (length + tabs.length - 1 <= width) return { tabs, gap: 1 };
  return { tabs: tabs.map(({ section, text }) => ({ section, text: text.replace(/ .*/, '') })), gap: 1 };
}

function labelOf(section: Section, state: WalkState): string {
  const { session } = state;
  const { step } = currentStep(state);
  switch (section) {
    case 'task':
      return 'Task';
    case 'hints':
      return `Hints ${session.hints[step.id] ?? 0}/${step.hints.length}`;
    case 'checks': {
      const checks = resultOf(state, step)?.checks;
      const passed = checks
        ? checks.filter(({ verdict }) => verdict === 'pass').length
        : step.checks.filter(({ id }) => session.passed[id]).length;
      return `Checks ${passed}/${step.checks.length}`;
    }
    case 'questions': {
      const questions = questionsAt(state, step);
      return `Questions ${questions.filter((question) => !isOpen(session, question)).length}/${questions.length}`;
    }
    case 'commands':
      return 'CLI';
  }
}
