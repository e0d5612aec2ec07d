/** Where labproof keeps things on this machine (XDG on Linux, the platform's own folders elsewhere). */
import { join } from 'node:path';
import envPaths from 'env-paths';

const { data } = envPaths('labproof', { suffix: '' });

export const progressDir = join(data, 'progress');
/** What cleanups had on their lists: the next one recognises what came back. */
export const cleanupDir = join(data, 'cleanup');
/** The sandbox of `--sandbox`: resumed tomorrow. */
export const sandboxStateFile = join(data, 'sandbox', 'state.json');
/** Which sandbox is running now, so that a second terminal finds it. */
export const sandboxRunFile = join(data, 'sandbox', 'running.json');
