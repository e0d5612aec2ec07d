/** A window onto content that may be taller, with a line below that says how much is out of sight. */
import { Box, type DOMElement, useBoxMetrics } from 'ink';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { Line } from './toned.tsx';

/** In lines: how far it can scroll, and how much it shows. */
export interface Extent {
  readonly last: number;
  readonly page: number;
}

export interface ScrollProps {
  readonly offset: number;
  onExtent(extent: Extent): void;
  readonly children: ReactNode;
}

export function Scroll({ offset, onExtent, children }: ScrollProps) {
  const viewport = useRef<DOMElement>(null);
  const content = useRef<DOMElement>(null);
  const { clientHeight: page } = useBoxMetrics(viewport);
  const { height } = useBoxMetrics(content);
  const last = Math.max(0, height - page);
  const top = Math.min(offset, last);
  useLayoutEffect(() => onExtent({ last, page }), [onExtent, last, page]);

  const above = top > 0 ? `↑ ${top} more` : '';
  const below = top < last ? `↓ ${last - top} more` : '';
  return (
    <Box flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0}>
      <Box
        ref={viewport}
        flexDirection="column"
        flexGrow={1}
        flexShrink={1}
        flexBasis={0}
        overflow="hidden"
        contentOffsetY={top}
      >
        {/* In the flow, Yoga would squeeze it into a low viewport: then there is nothing to scroll and lines are lost. */}
        <Box ref={content} position="absolute" width="100%" flexDirection="column">
          {children}
        </Box>
      </Box>
      <Box height={1} flexShrink={0}>
        <Line tone="quiet">{[above, below].filter(Boolean).join('  ')}</Line>
      </Box>
    </Box>
  );
}
