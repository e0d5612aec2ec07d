/** An index that is never wrong, whatever becomes of the list. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findById } from '../../../src/sandbox/services/ec2/by-id.ts';

interface Item {
  readonly id: string;
}
const idOf = ({ id }: Item) => id;

/** What the sandbox does with its lists. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('add'), id: fc.nat(300) }),
  fc.record({ kind: fc.constant('remove'), id: fc.nat(300) }),
  fc.record({ kind: fc.constant('splice'), id: fc.nat(300) }),
  fc.record({ kind: fc.constant('ask'), id: fc.nat(300) }),
);

it('finds what looking through the list finds', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      let list: Item[] = Array.from({ length: 100 }, (_, n) => ({ id: `vpc-${n}` }));
      for (const { kind, id: number } of changes) {
        const id = `vpc-${number}`;
        if (kind === 'add' && !list.some((item) => item.id === id)) list.push({ id });
        if (kind === 'remove') list = list.filter((item) => item.id !== id);
        if (kind === 'splice') list.splice(number % list.length, 1, { id: `${id}-new` });
        expect(findById(list, idOf, id)).toBe(list.find((item) => item.id === id));
      }
    }),
  );
});
