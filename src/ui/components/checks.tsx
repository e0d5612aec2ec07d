/** The step's checks: what each says, and what it found. */
import { Box } from 'ink';
import type { Finding } from '../../check.ts';
import type { Step } from '../../lab/schema.ts';
import { commandText } from '../../lib/terminal-text.ts';
import { resultOf } from '../../plain/progress.ts';
import { looks, oneLine, pointsText, type Standing } from '../../plain/words.ts';
import { detailsOf } from '../../run/finding.ts';
import type { WalkState } from '../../run/walk.ts';
import { Prose, Toned } from './toned.tsx';

export function Checks({ state, step }: { readonly state: WalkState; readonly step: Step }) {
  const result = resultOf(state, step);
  if (result)
    return result.checks.map((check) => (
      <Box key={check.id} flexDirection="column" marginBottom={1}>
        <Head standing={check.verdict} title={check.title} points={pointsText(check.points)} />
        {check.findings.map((finding) => (
          <FindingText key={`${finding.code} ${finding.message}`} finding={finding} />
        ))}
      </Box>
    ));
  return step.checks.map(({ id, title, points }) => (
    <Head
      key={id}
      standing={state.session.passed[id] ? 'passed-before' : 'to-do'}
      title={title ?? id.replaceAll('-', ' ')}
      points={String(points)}
    />
  ));
}

interface HeadProps {
  readonly standing: Standing;
  readonly title: string;
  readonly points: string;
}

function Head({ standing, title, points }: HeadProps) {
  const { glyph, word, tone } = looks[standing];
  return (
    <Box columnGap={1}>
      <Box flexShrink={0} minWidth={9}>
        <Toned tone={tone}>{`${glyph} ${word}`}</Toned>
      </Box>
      <Box flexGrow={1}>
        <Prose tone="strong">{oneLine(title)}</Prose>
      </Box>
      <Box flexShrink={0}>
        <Toned tone="quiet">{points}</Toned>
      </Box>
    </Box>
  );
}

function FindingText({ finding }: { readonly finding: Finding }) {
  return (
    <Box flexDirection="column" paddingLeft={2}>
      <Prose>{oneLine(finding.message)}</Prose>
      {detailsOf(finding).map(([label, text]) => (
        <Box key={label} columnGap={1} paddingLeft={2}>
          <Box width={8} flexShrink={0}>
            <Toned tone="quiet">{label}</Toned>
          </Box>
          <Prose {...(label === 'command' && { tone: 'wait' })}>
            {label === 'command' ? commandText(text) : oneLine(text)}
          </Prose>
        </Box>
      ))}
    </Box>
  );
}
