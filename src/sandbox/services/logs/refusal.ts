import { constraintsWith } from '../../constraints.ts';
import { AwsError } from '../../service.ts';

export const { violation, required, bounded } = constraintsWith('InvalidParameterException');

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function invalidPattern(reason: string): AwsError {
  return invalidParameter(`Invalid filter pattern: ${reason}`);
}

export function invalidToken(): AwsError {
  return invalidParameter('The specified nextToken is invalid.');
}

export function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

/** @throws AwsError for a text or list shorter or longer than the API reference allows. */
export function lengthOf(
  value: string | readonly unknown[],
  member: string,
  bounds: { min: number; max: number },
): void {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  if (value.length < bounds.min)
    throw violation(shown, member, `must have length greater than or equal to ${bounds.min}`);
  if (value.length > bounds.max) throw violation(shown, member, `must have length less than or equal to ${bounds.max}`);
}

/** @param pattern As the API reference has it. @throws AwsError for a value that it does not match as a whole. */
export function matching(value: string, member: string, pattern: string): void {
  if (!new RegExp(`^(?:${pattern})$`, 'su').test(value))
    throw violation(value, member, `must satisfy regular expression pattern: ${pattern}`);
}

/** @throws AwsError */
export function oneOf(value: string, member: string, values: readonly string[]): void {
  if (!values.includes(value)) throw violation(value, member, `must satisfy enum value set: [${values.join(', ')}]`);
}
