/** User data of instances (EC2 User Guide, "Run commands when you launch an EC2 instance"). */
import { AwsError } from '../../service.ts';

/** Before it is encoded. */
const MOST_USER_DATA = 16_384;

/** @returns As given: base64. */
export function requireUserData(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text.replaceAll(/\s/g, '')))
    throw new AwsError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(text, 'base64').length > MOST_USER_DATA)
    throw new AwsError('InvalidParameterValue', `User data is limited to ${MOST_USER_DATA} bytes`);
  return text;
}
