/** What a finding says beyond its message, under the same names wherever findings are shown. */
import type { Finding } from '../check.ts';

export type Detail = readonly [label: 'expected' | 'actual' | 'console' | 'command' | 'docs', text: string];

/** In the order in which they help; what the finding does not tell is left out. */
export function detailsOf({ expected, actual, fix }: Finding): readonly Detail[] {
  const details = [
    ['expected', expected],
    ['actual', actual],
    ['console', fix?.console],
    ['command', fix?.command],
    ['docs', fix?.docs],
  ] as const;
  return details.flatMap(([label, text]): readonly Detail[] => (text ? [[label, text]] : []));
}
