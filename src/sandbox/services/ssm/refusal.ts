import { AwsError } from '../../service.ts';

/** AWS's words for a member that breaks its constraint, such as "Member must not be null". */
export function violation(value: unknown, member: string, constraint: string): AwsError {
  const shown = value === undefined ? 'null' : `'${String(value)}'`;
  const text = `Value ${shown} at '${member}' failed to satisfy constraint: Member ${constraint}`;
  return new AwsError('ValidationException', `1 validation error detected: ${text}`);
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw violation(value, member, 'must not be null');
  return value;
}

/** A whole number between the bounds of the API reference, or the default. */
export function bounded(
  value: number | undefined,
  member: string,
  bounds: { readonly min: number; readonly max: number; readonly byDefault: number },
): number {
  if (value === undefined) return bounds.byDefault;
  if (value < bounds.min) throw violation(value, member, `must have value greater than or equal to ${bounds.min}`);
  if (value > bounds.max) throw violation(value, member, `must have value less than or equal to ${bounds.max}`);
  return value;
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.');
}
