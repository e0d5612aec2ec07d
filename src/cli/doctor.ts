import { usage } from './exit.ts';

export async function doctor(_lab: string | undefined, _flags: object): Promise<void> {
  throw usage('doctor is not there yet.');
}
