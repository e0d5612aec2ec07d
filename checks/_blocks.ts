/** A block for a VPC that overlaps none of these. */
import { overlaps } from '../src/model/network/cidr.ts';

export function freeBlock(taken: readonly string[]): string {
  const blocks = Array.from({ length: 255 }, (_, index) => `10.${index + 1}.0.0/16`);
  return blocks.find((block) => !taken.some((other) => overlaps(block, other))) ?? '172.31.0.0/16';
}
