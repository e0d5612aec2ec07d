/** The lab in a sandbox, what is in the whole account, and the cleanup as the command does it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount } from '../../../src/account/live.ts';
import type { CallSender, Target } from '../../../src/account/reader.ts';
import { openSender } from '../../../src/account/sender.ts';
import { loadChecks } from '../../../src/lab/checks.ts';
import { loadLab } from '../../../src/lab/load.ts';
import { lookAround } from '../../../src/run/cleanup/look.ts';
import { recall, remember } from '../../../src/run/cleanup/memory.ts';
import { cleanUp } from '../../../src/run/cleanup/perform.ts';
import type { Result } from '../../../src/run/result.ts';
import { solve } from '../../../src/run/solve.ts';
import { at } from '../../../src/run/substitute.ts';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { flowLogsPolicy, flowLogsTrust, trust } from '../../sandbox/lab-world.ts';

const root = join(import.meta.dirname, '../../..');
export const checks = await loadChecks(join(root, 'checks'));
export const lab = await loadLab('vpc-flow-logs', { labsDir: join(root, 'labs'), checks });

interface Cleanup {
  readonly stopAt?: string;
  readonly chosen?: readonly string[];
  readonly before?: (call: string) => unknown;
}
type Input = Readonly<Record<string, unknown>>;
const AMI = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What an account can hold: call, member of its answer, and what is past though it is still shown. */
const LISTS: readonly (readonly [call: string, key: string, input: Input, past?: RegExp])[] = [
  ['ec2:DescribeVpcs', 'Vpcs', {}],
  ['ec2:DescribeSubnets', 'Subnets', {}],
  ['ec2:DescribeRouteTables', 'RouteTables', {}],
  ['ec2:DescribeInternetGateways', 'InternetGateways', {}],
  ['ec2:DescribeNatGateways', 'NatGateways', {}, /"State":"deleted"/],
  ['ec2:DescribeNetworkAcls', 'NetworkAcls', {}],
  ['ec2:DescribeSecurityGroups', 'SecurityGroups', {}],
  ['ec2:DescribeNetworkInterfaces', 'NetworkInterfaces', {}],
  ['ec2:DescribeInstances', 'Reservations', {}, /"Name":"terminated"/],
  ['ec2:DescribeVolumes', 'Volumes', {}],
  ['ec2:DescribeAddresses', 'Addresses', {}],
  ['ec2:DescribeVpcEndpoints', 'VpcEndpoints', {}],
  ['ec2:DescribeVpcPeeringConnections', 'VpcPeeringConnections', {}, /"Code":"deleted"/],
  ['ec2:DescribeFlowLogs', 'FlowLogs', {}],
  ['logs:DescribeLogGroups', 'logGroups', {}],
  ['iam:ListRoles', 'Roles', {}],
  ['iam:ListInstanceProfiles', 'InstanceProfiles', {}],
  ['iam:ListPolicies', 'Policies', { Scope: 'Local' }],
];

export async function account() {
  let real = Date.UTC(2026, 10, 23, 10);
  const sandbox = await startSandbox({ port: 0, timeScale: 1, seed: 7, realNow: () => (real += 1000) });
  const target: Target = { kind: 'sandbox', region: 'us-east-1', endpointUrl: sandbox.url, credentials };
  const sender = openSender(target);
  const memory = mkdtempSync(join(tmpdir(), 'labproof-cleanup-'));
  const calls: string[] = [];
  const lines: string[] = [];

  async function send(call: string, input: Input, path?: string): Promise<string> {
    const output = await sender.send(call, input);
    return path === undefined ? '' : String(at(path, output));
  }

  async function look(chosen: readonly string[] = []) {
    const reader = openAccount(target);
    try {
      return await lookAround({
        lab,
        reader,
        sender: counted(),
        remembered: (identity) => recall(memory, lab.id, identity),
        chosen,
        signal: new AbortController().signal,
      });
    } finally {
      for (const call of Object.keys(reader.calls().byOperation)) calls.push(call);
      reader.close();
    }
  }

  function counted(onSend: (call: string) => unknown = () => {}): CallSender {
    return {
      async send(call, input, signal) {
        calls.push(call);
        await onSend(call);
        return sender.send(call, input, signal);
      },
      close: () => {},
    };
  }

  return {
    send,
    look,
    calls,
    lines,
    passMinutes(minutes: number) {
      real += minutes * 60_000;
    },
    close: async () => {
      sender.close();
      await sandbox.close();
    },
    fault: (faults: object) =>
      fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(faults) }),

    /** The reference solution's steps, as `labproof solve` sends them. */
    async solve(...steps: readonly string[]): Promise<void> {
      const before = { cloud: { account: '123456789012', region: 'us-east-1' }, resources: {}, steps: [] };
      await solve({
        sender,
        before: before as unknown as Result,
        steps: lab.steps.filter(({ id }) => steps.length === 0 || steps.includes(id)),
        partition: 'aws',
        signal: new AbortController().signal,
        say: () => {},
        now: real,
        sleep: async () => {},
      });
    },

    /** Everything in the account, and nothing that is past. Uses and times aside, which change by themselves. */
    async everything(): Promise<readonly string[]> {
      const found: string[] = [];
      for (const [call, key, input, past] of LISTS)
        for (const item of at(key, await sender.send(call, input)) as readonly unknown[]) {
          const text = JSON.stringify(item, (name, value) =>
            ['storedBytes', 'DeliverLogsStatus', 'RoleLastUsed', 'State', 'Status'].includes(name) &&
            typeof value !== 'object'
              ? undefined
              : value,
          );
          if (!past?.test(JSON.stringify(item))) found.push(`${call} ${text}`);
        }
      return found.sort();
    },

    /**
     * As `cleanup --yes`: looks, remembers, deletes.
     * @param stopAt The call after which Ctrl+C is pressed.
     * @param before Runs before each call of the deletion; what it throws is the call's answer.
     */
    async cleanUp({ stopAt, chosen, before = () => {} }: Cleanup = {}) {
      const { plan, identity, now } = await look(chosen);
      remember(memory, lab.id, identity, { resources: plan.resources, at: now });
      const stop = new AbortController();
      const { outcomes, ended } = await cleanUp({
        sender: counted((call) => {
          if (call === stopAt) stop.abort();
          return before(call);
        }),
        resources: plan.resources,
        left: plan.left.map(({ id }) => id),
        signal: stop.signal,
        say: (line) => lines.push(line),
        sleep: async () => {},
      });
      const all = [...outcomes];
      const failed = all.flatMap(([id, outcome]) => ('reason' in outcome ? [[id, outcome.reason]] : []));
      return { outcomes: Object.fromEntries(all), ended, failed: Object.fromEntries(failed) as Record<string, string> };
    },

    async vpc(block: string, name: string): Promise<{ vpc: string; subnet: string }> {
      const TagSpecifications = [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: name }] }];
      const vpc = await send('ec2:CreateVpc', { CidrBlock: block, TagSpecifications }, 'Vpc.VpcId');
      const subnet = await send('ec2:CreateSubnet', { VpcId: vpc, CidrBlock: block }, 'Subnet.SubnetId');
      return { vpc, subnet };
    },

    run: (SubnetId: string, more: Input = {}) =>
      send(
        'ec2:RunInstances',
        { ImageId: AMI, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId, ...more },
        'Instances[0].InstanceId',
      ),

    async role(RoleName: string, AssumeRolePolicyDocument = flowLogsTrust): Promise<string> {
      const arn = await send('iam:CreateRole', { RoleName, AssumeRolePolicyDocument }, 'Role.Arn');
      await send('iam:PutRolePolicy', { RoleName, PolicyName: 'inline', PolicyDocument: flowLogsPolicy });
      return arn;
    },

    async profile(name: string): Promise<void> {
      await this.role(name, trust('ec2.amazonaws.com'));
      await send('iam:CreateInstanceProfile', { InstanceProfileName: name });
      await send('iam:AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name });
    },

    flowLog: (ResourceType: string, id: string, LogGroupName: string, DeliverLogsPermissionArn: string) =>
      send(
        'ec2:CreateFlowLogs',
        {
          ResourceType,
          ResourceIds: [id],
          TrafficType: 'ALL',
          LogGroupName,
          DeliverLogsPermissionArn,
          MaxAggregationInterval: 60,
        },
        'FlowLogIds[0]',
      ),
  };
}
