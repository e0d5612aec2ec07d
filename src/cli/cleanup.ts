import { usage } from './exit.ts';

export async function cleanup(_lab: string | undefined, _flags: object): Promise<void> {
  throw usage('cleanup is not there yet.');
}
