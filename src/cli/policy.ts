import { usage } from './exit.ts';

export async function policy(_lab: string | undefined, _flags: object): Promise<void> {
  throw usage('policy is not there yet.');
}
