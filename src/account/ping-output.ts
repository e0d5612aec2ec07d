/** What iputils ping printed, read back. */
import type { PingAnswer } from '../model/account.ts';

/** Every ping in a command's output that has ended, or at least was answered. @param at When it was requested, epoch milliseconds. */
export function pingsIn(output: string, at: number): PingAnswer[] {
  const starts = [...output.matchAll(/^PING \S+ \((\d{1,3}(?:\.\d{1,3}){3})\)/gm)];
  return starts.flatMap((start, index) => {
    const text = output.slice(start.index, starts[index + 1]?.index).trimEnd();
    const address = start[1] ?? '';
    const statistics = /(\d{1,9}) packets transmitted, (\d{1,9}) received/.exec(text);
    if (statistics)
      return [{ address, transmitted: Number(statistics[1]), received: Number(statistics[2]), at, output: text }];
    // Run Command keeps only the beginning of a long output: the replies in it are proof, their number is not the whole.
    const replies = [...text.matchAll(/^\d+ bytes from .*icmp_seq=(\d+)/gm)];
    if (replies.length === 0) return [];
    return [
      {
        address,
        transmitted: Number(replies.at(-1)?.[1] ?? replies.length),
        received: replies.length,
        at,
        output: text,
      },
    ];
  });
}
