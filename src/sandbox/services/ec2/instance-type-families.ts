/** The instance types of the sandbox, as families and sizes (Amazon EC2 Instance Types guide, "Specifications"). */
import type * as Ec2 from '@aws-sdk/client-ec2';

/** vCPUs, memory in MiB, network interfaces, IPv4 addresses an interface. */
type Size = readonly [vcpus: number, mib: number, interfaces: number, addresses: number];

export interface Family {
  readonly name: string;
  readonly sizes: Readonly<Record<string, Size>>;
  readonly architectures: readonly Ec2.ArchitectureType[];
  readonly manufacturer: string;
  readonly hypervisor: Ec2.InstanceTypeHypervisor;
  readonly threads: 1 | 2;
  readonly current: boolean;
}

const X86: readonly Ec2.ArchitectureType[] = ['x86_64'];
const ARM: readonly Ec2.ArchitectureType[] = ['arm64'];
const GIB = 1024;

/** Sizes that nearly all families have; the memory follows from the vCPUs. */
function sizes(gibPerVcpu: number, names: readonly string[]): Record<string, Size> {
  const common: Readonly<Record<string, readonly [vcpus: number, interfaces: number, addresses: number]>> = {
    medium: [1, 2, 4],
    large: [2, 3, 10],
    xlarge: [4, 4, 15],
    '2xlarge': [8, 4, 15],
    '4xlarge': [16, 8, 30],
    '8xlarge': [32, 8, 30],
    '9xlarge': [36, 8, 30],
    '12xlarge': [48, 8, 30],
    '16xlarge': [64, 15, 50],
    '18xlarge': [72, 15, 50],
    '24xlarge': [96, 15, 50],
  };
  return Object.fromEntries(
    names.flatMap((name) => {
      const [vcpus, interfaces, addresses] = common[name] ?? [];
      return vcpus === undefined || interfaces === undefined || addresses === undefined
        ? []
        : [[name, [vcpus, vcpus * gibPerVcpu * GIB, interfaces, addresses] as const]];
    }),
  );
}

const upTo24 = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge'];
const graviton = ['medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];
const c5 = ['large', 'xlarge', '2xlarge', '4xlarge', '9xlarge', '12xlarge', '18xlarge', '24xlarge'];

const burstable = (small: Size): Record<string, Size> => ({
  nano: [2, 512, 2, 2],
  micro: [2, GIB, 2, 2],
  small,
  medium: [2, 4 * GIB, 3, 6],
  large: [2, 8 * GIB, 3, 12],
  xlarge: [4, 16 * GIB, 4, 15],
  '2xlarge': [8, 32 * GIB, 4, 15],
});

const nitro = (
  name: string,
  sizesOfIt: Readonly<Record<string, Size>>,
  processor: { readonly manufacturer?: string; readonly current: boolean },
): Family => {
  const manufacturer = processor.manufacturer ?? 'Intel';
  const isArm = manufacturer === 'AWS';
  return {
    name,
    sizes: sizesOfIt,
    architectures: isArm ? ARM : X86,
    manufacturer,
    hypervisor: 'nitro',
    threads: isArm ? 1 : 2,
    current: processor.current,
  };
};

const xen = (name: string, sizesOfIt: Readonly<Record<string, Size>>, threads: 1 | 2, current: boolean): Family => ({
  name,
  sizes: sizesOfIt,
  architectures: X86,
  manufacturer: 'Intel',
  hypervisor: 'xen',
  threads,
  current,
});

export const families: readonly Family[] = [
  xen('t1', { micro: [1, 627, 2, 2] }, 1, false),
  xen(
    'm1',
    { small: [1, 1740, 2, 4], medium: [1, 3788, 2, 6], large: [2, 7680, 3, 10], xlarge: [4, 15_360, 4, 15] },
    1,
    false,
  ),
  xen(
    't2',
    {
      nano: [1, 512, 2, 2],
      micro: [1, GIB, 2, 2],
      small: [1, 2 * GIB, 3, 4],
      medium: [2, 4 * GIB, 3, 6],
      large: [2, 8 * GIB, 3, 12],
      xlarge: [4, 16 * GIB, 3, 15],
      '2xlarge': [8, 32 * GIB, 3, 15],
    },
    1,
    true,
  ),
  xen('m4', { ...sizes(4, ['xlarge', '2xlarge', '4xlarge']), large: [2, 8 * GIB, 2, 10] }, 2, false),
  nitro('a1', sizes(2, ['medium', 'large', 'xlarge', '2xlarge', '4xlarge']), { manufacturer: 'AWS', current: false }),
  nitro('t3', burstable([2, 2 * GIB, 3, 4]), { current: true }),
  nitro('t3a', burstable([2, 2 * GIB, 2, 4]), { manufacturer: 'AMD', current: true }),
  nitro('t4g', burstable([2, 2 * GIB, 3, 4]), { manufacturer: 'AWS', current: true }),
  nitro('m5', sizes(4, upTo24), { current: false }),
  nitro('m6i', sizes(4, upTo24), { current: false }),
  nitro('m6g', sizes(4, graviton), { manufacturer: 'AWS', current: true }),
  nitro('c5', sizes(2, c5), { current: false }),
  nitro('c6i', sizes(2, upTo24), { current: true }),
  nitro('r5', sizes(8, upTo24), { current: false }),
];
