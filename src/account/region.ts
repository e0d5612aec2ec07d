/** Where the AWS configuration of a target points to. */
import { connect } from './connection.ts';
import type { Target } from './reader.ts';

/** As the SDK finds it: what is told, the environment, the profile. Undefined where none of them tells. No call is made. */
export async function regionOf(target: Target): Promise<string | undefined> {
  const connection = connect(target);
  try {
    return await (await connection.client('sts')).config.region();
  } catch {
    return undefined;
  } finally {
    connection.close();
  }
}
