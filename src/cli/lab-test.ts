import { usage } from './exit.ts';

export async function test(_lab: string | undefined, _flags: object): Promise<void> {
  throw usage('lab-test is not there yet.');
}
