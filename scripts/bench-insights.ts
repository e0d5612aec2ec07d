/** How long CloudWatch Logs Insights takes over a million flow log records, at the wire. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Running, startSandbox } from './wire.ts';

const RECORDS = 1_000_000;
const BATCH = 5000;
const QUERY = 'stats sum(bytes) as transferred by srcAddr, dstAddr | sort transferred desc | limit 10';
const startedSchema = z.object({ queryId: z.string() });
const answerSchema = z.object({ status: z.string(), statistics: z.object({ recordsMatched: z.number() }).optional() });

/** @param report Prints a figure under its name. */
export async function benchInsights(home: string, report: (name: string, value: string) => void): Promise<void> {
  const sandbox = await startSandbox(home, '--time-scale', '600');
  const now = Date.now();
  await logs(sandbox, 'CreateLogGroup', { logGroupName: 'flow' });
  await logs(sandbox, 'CreateLogStream', { logGroupName: 'flow', logStreamName: 'eni' });
  const written = performance.now();
  for (let from = 0; from < RECORDS; from += BATCH)
    await logs(sandbox, 'PutLogEvents', { logGroupName: 'flow', logStreamName: 'eni', logEvents: batch(from, now) });
  const rate = RECORDS / ((performance.now() - written) / 1000);
  report('sandbox: log events in', `${Math.round(rate).toLocaleString('en')} a second`);

  const startTime = Math.floor(now / 1000) - 7200;
  const range = { startTime, endTime: startTime + 14_400 };
  const { queryId } = startedSchema.parse(
    await logs(sandbox, 'StartQuery', { logGroupName: 'flow', queryString: QUERY, ...range }),
  );
  const asked = performance.now();
  let answer = answerSchema.parse(await logs(sandbox, 'GetQueryResults', { queryId }));
  while (answer.status !== 'Complete' && performance.now() - asked < 60_000) {
    await pause(10);
    answer = answerSchema.parse(await logs(sandbox, 'GetQueryResults', { queryId }));
  }
  const took = ((performance.now() - asked) / 1000).toFixed(1);
  report(
    'Insights: stats sum … by two fields',
    `${took} s, ${answer.status}, over ${answer.statistics?.recordsMatched.toLocaleString('en')} records, ${sandbox.memory().toFixed(0)} MiB`,
  );
  await sandbox.end('SIGTERM');
}

async function logs(sandbox: Running, operation: string, input: object): Promise<unknown> {
  const { status, text } = await sandbox.call('logs', JSON.stringify(input), `Logs_20140328.${operation}`);
  if (status !== 200) throw new Error(`${operation}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** One event for each three milliseconds of the hour before. */
function batch(from: number, now: number) {
  return Array.from({ length: BATCH }, (_, offset) => {
    const index = from + offset;
    const traffic = `10.1.${index % 200}.${index % 250} 10.2.${index % 7}.9 ${1024 + (index % 5000)} ${index % 1000} 6`;
    return {
      timestamp: now - 3_600_000 + index * 3,
      message: `2 123456789012 eni-0aaaaaaaaaaaaaaaa ${traffic} ${index % 9} ${index % 1500} 1795428300 1795428360 ACCEPT OK`,
    };
  });
}
