import { AwsError } from './service.ts';

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly byDefault: number;
}

export interface Constraints {
  /** AWS's words for a member that breaks its constraint, such as "must not be null". */
  violation(value: unknown, member: string, constraint: string): AwsError;
  required<T>(value: T | undefined, member: string): T;
  /** A number between the bounds of the API reference, or the default. */
  bounded(value: number | undefined, member: string, bounds: Bounds): number;
}

/** The checks of a service's members, refused with that service's code. */
export function constraintsWith(code: string): Constraints {
  function violation(value: unknown, member: string, constraint: string): AwsError {
    const shown = value === undefined ? 'null' : `'${String(value)}'`;
    const text = `Value ${shown} at '${member}' failed to satisfy constraint: Member ${constraint}`;
    return new AwsError(code, `1 validation error detected: ${text}`);
  }
  return {
    violation,
    required(value, member) {
      if (value === undefined) throw violation(value, member, 'must not be null');
      return value;
    },
    bounded(value, member, { min, max, byDefault }) {
      if (value === undefined) return byDefault;
      if (value < min) throw violation(value, member, `must have value greater than or equal to ${min}`);
      if (value > max) throw violation(value, member, `must have value less than or equal to ${max}`);
      return value;
    },
  };
}
