/** What Systems Manager takes as tags (API Reference, Tag). */
import type * as Ssm from '@aws-sdk/client-ssm';
import { AwsError } from '../../service.ts';
import { violation } from './refusal.ts';

/** @throws AwsError for keys and values that AWS does not take. */
export function tagsFrom(tags: readonly Ssm.Tag[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { Key = '', Value = '' } of tags) {
    if (!/^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u.test(Key) || Key.length < 1 || Key.length > 128)
      throw violation(Key, 'tags', 'must have a key of 1 to 128 letters, digits, spaces and _ . : / = + - @');
    if (Value.length > 256) throw violation(Value, 'tags', 'must have length less than or equal to 256');
    if (/^aws:/i.test(Key))
      throw new AwsError('ValidationException', 'aws: prefixed tag key names are not allowed for external use.');
    result[Key] = Value;
  }
  if (Object.keys(result).length > 50) throw tooManyTags();
  return result;
}

export function tooManyTags(): AwsError {
  return new AwsError(
    'TooManyTagsError',
    'A resource can have at most 50 tags. Remove one or more tags and try the command again.',
  );
}
