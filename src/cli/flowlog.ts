import { usage } from './exit.ts';

export async function flowlog(_file: string | undefined, _flags: object): Promise<void> {
  throw usage('flowlog is not there yet.');
}
