/** The Amazon Linux 2023 image of every region of the sandbox, and the public parameters that lead to it. */
export const amazonLinux2023 = {
  x86_64: 'ami-0a1b2c3d4e5f60718',
  arm64: 'ami-0b2c3d4e5f6071829',
} as const;

const prefix = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel';

/** AL2023 User Guide, "Launching AL2023 using the SSM parameter". */
export const publicParameters: Readonly<Record<string, string>> = {
  [`${prefix}-default-x86_64`]: amazonLinux2023.x86_64,
  [`${prefix}-6.1-x86_64`]: amazonLinux2023.x86_64,
  [`${prefix}-default-arm64`]: amazonLinux2023.arm64,
  [`${prefix}-6.1-arm64`]: amazonLinux2023.arm64,
};
