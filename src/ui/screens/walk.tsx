/** The guided walk: the steps, the current one in sections, what to do next and the keys. */
import { Box } from 'ink';
import type { LabQuestion, Step } from '../../lab/schema.ts';
import { allPass, currentStep, openPredictions } from '../../plain/progress.ts';
import { oneLine } from '../../plain/words.ts';
import type { Walk, WalkState } from '../../run/walk.ts';
import { Checks } from '../components/checks.tsx';
import { Commands } from '../components/commands.tsx';
import { Finish } from '../components/finish.tsx';
import { Footer } from '../components/footer.tsx';
import { Hints } from '../components/hints.tsx';
import { Questions } from '../components/questions.tsx';
import { Scroll } from '../components/scroll.tsx';
import { Status } from '../components/status.tsx';
import { StepList, StepStrip } from '../components/step-list.tsx';
import { Tabs } from '../components/tabs.tsx';
import { Task } from '../components/task.tsx';
import { TitleBar } from '../components/title-bar.tsx';
import { Line } from '../components/toned.tsx';
import type { Layout } from '../layout.ts';
import { useKeys } from '../use-keys.ts';
import { useScroll } from '../use-scroll.ts';
import { firstOpen, questionsAt, turned, type View } from '../view.ts';

export interface WalkScreenProps {
  readonly walk: Walk;
  readonly state: WalkState;
  readonly view: View;
  readonly layout: Layout;
  readonly sandboxHint: string | undefined;
  commandsOf(step: Step): string;
  show(view: View): void;
  quit(): void;
  interrupt(): void;
}

export function WalkScreen(props: WalkScreenProps) {
  const { walk, state, view, layout, show } = props;
  const { step, index } = currentStep(state);
  const { offset, onExtent, reset, scrolling } = useScroll();

  function look(next: Partial<View>): void {
    reset();
    show({ ...view, ...next });
  }
  function go(to: Step | undefined): void {
    if (!to || to === step) return;
    look({ section: 'task', commandsShown: false });
    void walk.send({ type: 'go', step: to.id });
  }
  function asking(questions: readonly LabQuestion[]): Partial<View> {
    return { section: 'questions', screen: { kind: 'answer', questions, first: firstOpen(questions, state.session) } };
  }
  /** Predict, then see: the first time that a step is checked, what is not predicted yet is asked instead. */
  function check(): void {
    const predictions = openPredictions(state, step);
    if (predictions.length > 0 && !view.offered.includes(step.id)) {
      look({ ...asking(predictions), offered: [...view.offered, step.id] });
    } else {
      look({ section: 'checks' });
      void walk.send({ type: 'check' });
    }
  }
  useKeys(
    'walk',
    { state },
    {
      ...scrolling,
      check,
      hint() {
        look({ section: 'hints' });
        void walk.send({ type: 'hint' });
      },
      answer: () => look(asking(questionsAt(state, step))),
      commands: () =>
        look(
          view.section === 'commands'
            ? { section: 'task', commandsShown: false }
            : { section: 'commands', commandsShown: true },
        ),
      solve: () => look({ screen: { kind: 'confirm' } }),
      report: () => void walk.send({ type: 'report' }),
      'section-next': () => look(turned(view, 1)),
      'section-back': () => look(turned(view, -1)),
      'step-next': () => go(state.lab.steps[index + 1]),
      'step-back': () => go(state.lab.steps[index - 1]),
      'step-number': (name) => go(state.lab.steps[Number(name) - 1]),
      help: () => look({ screen: { kind: 'help' } }),
      quit: props.quit,
      interrupt: props.interrupt,
    },
  );

  const panes = layout.shape === 'panes';
  const width = panes ? Math.min(96, layout.columns - layout.listWidth - 5) : layout.columns - 2;
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.rows}>
      <TitleBar state={state} layout={layout} />
      <Box
        flexGrow={1}
        flexShrink={1}
        flexBasis={0}
        paddingX={1}
        columnGap={2}
        flexDirection={panes ? 'row' : 'column'}
      >
        {panes ? (
          <StepList state={state} width={layout.listWidth} height={layout.rows - 4 - layout.gap} />
        ) : (
          <StepStrip state={state} />
        )}
        <Box flexDirection="column" width={width} flexGrow={panes ? 0 : 1} flexShrink={1}>
          <Line tone="strong">{`Step ${index + 1} of ${state.lab.steps.length} · ${oneLine(step.title)}`}</Line>
          <Tabs state={state} view={view} width={width} gapBelow={layout.gap} />
          {allPass(state) && <Finish state={state} />}
          <Scroll offset={offset} onExtent={onExtent}>
            <Content {...props} step={step} />
          </Scroll>
        </Box>
      </Box>
      <Status state={state} />
      <Footer screen="walk" situation={{ state }} columns={layout.columns} />
    </Box>
  );
}

function Content({ state, view, step, sandboxHint, commandsOf }: WalkScreenProps & { readonly step: Step }) {
  switch (view.section) {
    case 'task':
      return <Task step={step} sandboxHint={sandboxHint} />;
    case 'hints':
      return <Hints step={step} opened={state.session.hints[step.id] ?? 0} />;
    case 'checks':
      return <Checks state={state} step={step} />;
    case 'questions':
      return <Questions state={state} step={step} />;
    case 'commands':
      return <Commands text={commandsOf(step)} />;
  }
}
