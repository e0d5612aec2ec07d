import { usage } from './exit.ts';

export async function list(_flags: object): Promise<void> {
  throw usage('check list is not there yet.');
}

export async function show(_id: string, _flags: object): Promise<void> {
  throw usage('check show is not there yet.');
}
