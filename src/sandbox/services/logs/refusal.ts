import { constraintsWith } from '../../constraints.ts';
import { AwsError } from '../../service.ts';

export const { violation, required, bounded } = constraintsWith('InvalidParameterException');

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function invalidToken(): AwsError {
  return invalidParameter('The specified nextToken is invalid.');
}

export function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}
