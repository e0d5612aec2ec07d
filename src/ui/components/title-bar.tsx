/** The lab, where it is walked, and how far. */
import { Box } from 'ink';
import { pointsOf, standingOf } from '../../plain/progress.ts';
import { oneLine, pointsText } from '../../plain/words.ts';
import type { WalkState } from '../../run/walk.ts';
import type { Layout } from '../layout.ts';
import { Line, Toned } from './toned.tsx';

export function TitleBar({
  state,
  layout: { columns, rows, gap },
}: {
  readonly state: WalkState;
  readonly layout: Layout;
}) {
  const { lab, session } = state;
  const { kind, account, region } = session.cloud;
  const points = pointsOf(state);
  const passed = lab.steps.filter((step) => /^pass/.test(standingOf(state, step))).length;
  const summary = `${pointsText(points)} points · ${passed} of ${lab.steps.length} steps`;
  const width = Math.max(4, columns - summary.length - 4);
  const filled = points.possible === 0 ? 0 : Math.floor((width * points.earned) / points.possible);
  return (
    <Box flexDirection="column" flexShrink={0} paddingX={1} marginBottom={gap}>
      {rows >= 12 && (
        <Box justifyContent="space-between" columnGap={2}>
          <Line tone="accent">{oneLine(lab.title)}</Line>
          {columns >= 70 && (
            <Box flexShrink={0}>
              <Line tone="quiet">{oneLine(`${kind} ${account} · ${region}`)}</Line>
            </Box>
          )}
        </Box>
      )}
      <Box columnGap={2}>
        <Box width={width} flexShrink={0} aria-hidden>
          <Toned tone="good">{'━'.repeat(filled)}</Toned>
          <Toned tone="quiet">{'─'.repeat(width - filled)}</Toned>
        </Box>
        <Line>{summary}</Line>
      </Box>
    </Box>
  );
}
