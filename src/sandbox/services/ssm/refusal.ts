import { constraintsWith } from '../../constraints.ts';
import { AwsError } from '../../service.ts';

export const { required, bounded, violation } = constraintsWith('ValidationException');

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.');
}
