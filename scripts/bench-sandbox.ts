/** The figures of the sandbox at the wire, at growing sizes of its world. */
import { load, type Running, startSandbox } from './wire.ts';

const AT_ONCE = 8;
const SIZES = [1, 100, 10_000];
const LOGS = 'Logs_20140328';

/** @param bareMs What `node -e 0` takes. @param report Prints a figure under its name. */
export async function benchSandbox(
  home: string,
  bareMs: number,
  report: (name: string, value: string) => void,
): Promise<void> {
  const starts: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const sandbox = await startSandbox(home);
    starts.push(sandbox.readyMs);
    await sandbox.end('SIGTERM');
  }
  const ready = starts.sort((a, b) => a - b)[2] ?? 0;
  report('sandbox: start to ready', `${ready.toFixed(0)} ms, ${(ready / bareMs).toFixed(1)} x bare node`);

  for (const size of SIZES) {
    const state = `${home}/bench-${size}.json`;
    const sandbox = await startSandbox(home, '--state', state);
    await benchSize(sandbox, size, report);
    await sandbox.end('SIGKILL');
    const again = await startSandbox(home, '--state', state);
    report(`  ready again after kill -9 with ${size.toLocaleString('en')}`, `${again.readyMs.toFixed(0)} ms`);
    await again.end('SIGTERM');
  }
}

async function benchSize(sandbox: Running, size: number, report: (name: string, value: string) => void): Promise<void> {
  await sandbox.call('logs', '{"logGroupName":"g"}', `${LOGS}.CreateLogGroup`);
  await sandbox.call('logs', '{"logGroupName":"g","logStreamName":"s"}', `${LOGS}.CreateLogStream`);
  await grow(sandbox, size);
  const of = `with ${size.toLocaleString('en')}`;
  const vpcs = await sandbox.call('ec2', 'Action=DescribeVpcs&MaxResults=5');
  const id = /vpc-[0-9a-f]{17}/.exec(vpcs.text)?.[0] ?? '';
  const rate = async (
    name: string,
    times: number,
    service: string,
    body: (index: number) => string,
    target?: string,
  ) => {
    const { perSecond, latencies } = await load(times, AT_ONCE, (index) => sandbox.call(service, body(index), target));
    const p99 = latencies[Math.floor(times * 0.99)] ?? 0;
    report(`  ${name} ${of}`, `${Math.round(perSecond).toLocaleString('en')} a second, p99 ${p99.toFixed(1)} ms`);
  };
  await rate('DescribeVpcs by id', 2000, 'ec2', () => `Action=DescribeVpcs&VpcId.1=${id}`);
  await rate('DescribeVpcs, a page of 100', 500, 'ec2', () => 'Action=DescribeVpcs&MaxResults=100');
  await rate('DescribeSecurityGroups, a page of 100', 500, 'ec2', () => 'Action=DescribeSecurityGroups&MaxResults=100');
  await rate(
    'FilterLogEvents, a page of 100',
    500,
    'logs',
    () => '{"logGroupName":"g","limit":100,"filterPattern":"event"}',
    `${LOGS}.FilterLogEvents`,
  );
  // Last, as it changes the size.
  await rate('CreateVpc', 500, 'ec2', (index) => `Action=CreateVpc&CidrBlock=10.${index % 250}.0.0/16`);
  report(`  memory ${of}`, `${sandbox.memory().toFixed(0)} MiB`);
}

/** So many VPCs, each with its route table, network ACL and security group, and as many log events. */
async function grow(sandbox: Running, to: number): Promise<void> {
  await load(to, AT_ONCE, (index) => sandbox.call('ec2', `Action=CreateVpc&CidrBlock=10.${index % 250}.0.0/16`));
  const logEvents = Array.from({ length: Math.min(1000, to) }, (_, index) => ({
    timestamp: Date.now(),
    message: `event ${index}`,
  }));
  for (let written = 0; written < to; written += 1000)
    await sandbox.call(
      'logs',
      JSON.stringify({ logGroupName: 'g', logStreamName: 's', logEvents }),
      `${LOGS}.PutLogEvents`,
    );
}
