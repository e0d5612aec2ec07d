/** Scrolling by keys, held within what the content has. */
import { useCallback, useRef, useState } from 'react';
import type { Extent } from './components/scroll.tsx';
import type { Acts } from './use-keys.ts';

export interface Scrolling {
  readonly offset: number;
  readonly onExtent: (extent: Extent) => void;
  /** Back to the top. */
  readonly reset: () => void;
  readonly scrolling: Acts;
}

export function useScroll(): Scrolling {
  const [offset, setOffset] = useState(0);
  const extent = useRef<Extent>({ last: 0, page: 1 });
  const onExtent = useCallback((next: Extent) => {
    extent.current = next;
  }, []);
  const reset = useCallback(() => setOffset(0), []);
  const by = (step: (page: number) => number) => () => {
    const { last, page } = extent.current;
    setOffset((old) => Math.max(0, Math.min(last, Math.min(old, last) + step(page))));
  };
  const scrolling = {
    up: by(() => -1),
    down: by(() => 1),
    'page-up': by((page) => 1 - page),
    'page-down': by((page) => page - 1),
  };
  return { offset, onExtent, reset, scrolling };
}
