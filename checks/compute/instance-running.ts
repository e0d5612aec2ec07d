/** An instance that can be reached from the internet, in the VPC where it belongs. */
import { type Bound, defineCheck, type Finding, fail, pass, waiting } from '../../src/check.ts';
import type { Slices } from '../../src/model/account.ts';
import type { Instance } from '../../src/model/network/topology.ts';
import { table } from '../_evidence.ts';
import { INTERNET_CODES, internetAccess } from '../_internet.ts';
import { capital, DOCS, listed, named } from '../_words.ts';

const GONE = ['terminated', 'shutting-down'];
/** The newest Amazon Linux 2023, in every Region. */
const IMAGE = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

export default defineCheck({
  title: 'The instance runs in its VPC with a public address',
  params: { instance: 'instance', vpc: 'vpc' },
  needs: ['vpcs', 'instances', 'networkInterfaces', 'subnets', 'routeTables', 'internetGateways'],
  codes: {
    INSTANCE_MISSING: 'No instance is in the VPC.',
    INSTANCE_TERMINATED: 'The instance that was in the VPC is terminated, which cannot be undone.',
    INSTANCE_IN_DEFAULT_VPC: 'No instance is in the VPC, but one is in the default VPC.',
    INSTANCE_IN_OTHER_VPC: 'No instance is in the VPC, but several are in one other VPC.',
    INSTANCE_NOT_RUNNING: 'The instance is stopped or stopping.',
    INSTANCE_PENDING: 'The instance is starting.',
    PUBLIC_ADDRESS_MISSING: 'The instance has no public IPv4 address, neither auto-assigned nor Elastic.',
    ...INTERNET_CODES,
  },
  judge({ params, slices }) {
    const instance = slices.instances.find(({ id }) => id === params.instance.id);
    if (!instance || GONE.includes(instance.state)) return fail(missing(params, slices));
    const { id, state } = instance;
    if (state === 'pending')
      return waiting({
        code: 'INSTANCE_PENDING',
        severity: 'info',
        message: `${capital(named(params.instance))} is starting. That usually takes less than a minute.`,
        resources: [id],
      });
    if (state !== 'running')
      return fail({
        code: 'INSTANCE_NOT_RUNNING',
        severity: 'error',
        message: `${capital(named(params.instance))} is ${state}.`,
        resources: [id],
        expected: 'running',
        actual: state,
        fix: {
          console: `EC2 > Instances > ${id} > Instance state > Start instance`,
          command: `${state === 'stopping' ? `aws ec2 wait instance-stopped --instance-ids ${id} && ` : ''}aws ec2 start-instances --instance-ids ${id}`,
          docs: DOCS.lifecycle,
        },
      });

    const publicIp =
      instance.publicIp ??
      slices.networkInterfaces
        .filter((each) => each.instanceId === id)
        .flatMap(({ addresses }) => addresses.flatMap((address) => address.publicIp ?? []))[0];
    const subnet = slices.subnets.find((each) => each.id === instance.subnetId);
    // Where no subnet of the VPC leads to the internet, that is the VPC's fault, and told there.
    const isElsewhere = slices.subnets.some(
      (each) => each.vpcId === instance.vpcId && internetAccess(slices, each).open,
    );
    const access = subnet && isElsewhere ? internetAccess(slices, subnet) : undefined;
    const findings: Finding[] = [
      ...(publicIp === undefined ? [withoutAddress(params.instance, id)] : []),
      ...(access && !access.open ? [access.finding] : []),
    ];
    if (findings.length > 0) return fail(findings);
    return pass([
      table(
        named(params.instance),
        ['What', 'In this account'],
        [
          ['Instance', `${id} (${instance.tags.Name ?? 'no name'})`],
          ['State', state],
          ['VPC', instance.vpcId ?? ''],
          ['Subnet', instance.subnetId ?? ''],
          ['Private IPv4 address', instance.privateIp ?? ''],
          ['Public IPv4 address', publicIp ?? ''],
        ],
      ),
    ]);
  },
});

function withoutAddress(instance: Bound, id: string): Finding {
  return {
    code: 'PUBLIC_ADDRESS_MISSING',
    severity: 'error',
    message: `${capital(named(instance))} has no public IPv4 address.`,
    resources: [id],
    expected: 'an auto-assigned or Elastic IPv4 address',
    actual: 'none',
    fix: {
      console: `EC2 > Elastic IPs > Allocate Elastic IP address > Actions > Associate > ${id}`,
      command: `aws ec2 associate-address --instance-id ${id} --allocation-id "$(aws ec2 allocate-address --query AllocationId --output text)"`,
      docs: DOCS.elasticIp,
    },
  };
}

function missing(
  params: { readonly instance: Bound; readonly vpc: Bound },
  { instances, vpcs, subnets }: Pick<Slices, 'instances' | 'vpcs' | 'subnets'>,
): Finding {
  const { vpc } = params;
  const subnet = subnets.find(({ vpcId }) => vpcId === vpc.id);
  const where = `${params.instance.label} was not found in ${named(vpc)}`;
  const fix = {
    console: `EC2 > Instances > Launch instances > Network settings > Edit > VPC ${vpc.id ?? vpc.label}, its public subnet, Auto-assign public IP: Enable`,
    command: subnet
      ? `aws ec2 run-instances --image-id ${IMAGE} --instance-type t3.micro --subnet-id ${subnet.id} --associate-public-ip-address`
      : `aws ec2 describe-subnets --filters Name=vpc-id,Values=${vpc.id ?? ''}`,
    docs: DOCS.launch,
  };
  const expected = `a running instance in ${named(vpc)}`;
  const live = instances.filter(({ state }) => !GONE.includes(state));
  const ids = (some: readonly Instance[]) => listed(some.map(({ id }) => id));

  const isDefault = (id: string | undefined) => vpcs.some((each) => each.id === id && each.isDefault);
  const strays = live.filter(({ vpcId }) => isDefault(vpcId));
  if (strays.length > 0)
    return {
      code: 'INSTANCE_IN_DEFAULT_VPC',
      severity: 'error',
      message: `${where}, but ${ids(strays)} ${strays.length === 1 ? 'runs' : 'run'} in the default VPC (${strays[0]?.vpcId}). An instance cannot be moved to another VPC: launch it again.`,
      resources: strays.map(({ id }) => id),
      expected,
      actual: `${ids(strays)} in the default VPC`,
      fix,
    };
  const elsewhere = Map.groupBy(live, ({ vpcId }) => vpcId ?? 'no VPC');
  const crowd = [...elsewhere].find(([, some]) => some.length > 1);
  if (crowd)
    return {
      code: 'INSTANCE_IN_OTHER_VPC',
      severity: 'error',
      message: `${where}, but ${ids(crowd[1])} are all in ${crowd[0]}. An instance cannot be moved to another VPC: launch it again.`,
      resources: crowd[1].map(({ id }) => id),
      expected,
      actual: `${ids(crowd[1])} in ${crowd[0]}`,
      fix,
    };
  // Of a terminated instance AWS soon tells its id and state, and no longer its VPC.
  const dead = instances.filter(
    ({ state, vpcId }) => GONE.includes(state) && (vpcId === undefined || vpcId === vpc.id) && vpc.id !== null,
  );
  if (dead.length > 0)
    return {
      code: 'INSTANCE_TERMINATED',
      severity: 'error',
      message: `${where}. ${ids(dead)} ${dead.length === 1 ? 'is' : 'are'} terminated, which cannot be undone: if that was it, launch another one.`,
      resources: dead.map(({ id }) => id),
      expected,
      actual: dead.map(({ id, state }) => `${id} is ${state}`).join(', '),
      fix,
    };
  const others = [...elsewhere].map(([vpcId, some]) => `${ids(some)} in ${vpcId}`);
  return {
    code: 'INSTANCE_MISSING',
    severity: 'error',
    message: `${where}.`,
    resources: [],
    expected,
    actual: others.join('; ') || 'no instance at all',
    fix,
  };
}
