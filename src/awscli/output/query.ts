/** `--query`: JMESPath, as the AWS CLI has it. */
import jmespath from 'jmespath';
import { messageOf } from '../../lib/message.ts';
import { Misuse } from '../misuse.ts';
import type { Printable } from './printable.ts';

export type Query = (value: Printable) => Printable;

/** @throws Misuse where the expression cannot be read. The query throws where it meets a value of the wrong type. */
export function compileQuery(expression: string): Query {
  try {
    // Only to hear now that it cannot be read: nothing compiled can be kept.
    jmespath.compile(expression);
  } catch (error) {
    throw new Misuse(`Bad value for --query ${expression}: ${messageOf(error)}`);
  }
  return (value) => (jmespath.search(value, expression) ?? null) as Printable;
}
