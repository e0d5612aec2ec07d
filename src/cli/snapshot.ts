import { usage } from './exit.ts';

export async function snapshot(_lab: string | undefined, _flags: object): Promise<void> {
  throw usage('snapshot is not there yet.');
}
