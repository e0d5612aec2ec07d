/** `labproof aws …`: the words of the AWS CLI, its output and its exit codes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsRefusal, openCaller } from '../account/caller.ts';
import { Misuse } from '../awscli/misuse.ts';
import { refusalLine, runAws } from '../awscli/run.ts';
import { messageOf } from '../lib/message.ts';
import { safe } from '../lib/terminal-text.ts';
import { openCloud } from './cloud.ts';
import { CliError, usage } from './exit.ts';

/** AWS CLI User Guide, "Command line return codes"; for wrong usage labproof has its own, which is 2 and not 252. */
const AWS_EXIT = { refused: 254, failed: 255 } as const;

export async function aws(words: readonly string[]): Promise<void> {
  const terminal = process.stdout.isTTY;
  const defaultOutput = process.env.AWS_DEFAULT_OUTPUT;
  try {
    await runAws(words, {
      ...(defaultOutput && { defaultOutput }),
      width: terminal ? process.stdout.columns : 80,
      now: Date.now,
      sleep,
      // A program that reads gets every byte; a terminal could be told to do something by them.
      print: (text) => process.stdout.write(terminal ? safe(text) : text),
      async withCaller(target, use) {
        const cloud = await openCloud(target);
        const caller = openCaller(cloud.target);
        try {
          await use(caller);
        } finally {
          caller.close();
          await cloud.close();
        }
      },
    });
  } catch (error) {
    if (error instanceof Misuse) throw usage(error.message);
    if (error instanceof CliError) throw error;
    if (words.includes('--debug') && error instanceof Error) process.stderr.write(`${safe(error.stack ?? '')}\n`);
    const line = error instanceof AwsRefusal ? refusalLine(error) : `\n${messageOf(error)}\n`;
    process.stderr.write(terminal ? safe(line) : line);
    process.exitCode = error instanceof AwsRefusal ? AWS_EXIT.refused : AWS_EXIT.failed;
  }
}
