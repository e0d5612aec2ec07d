/** The SDK's client packages, each loaded when first needed. */
import type { ServiceName } from '../connection.ts';

export const packages: Readonly<Record<ServiceName, () => Promise<Readonly<Record<string, unknown>>>>> = {
  ec2: () => import('./ec2.ts'),
  iam: () => import('./iam.ts'),
  logs: () => import('./logs.ts'),
  ssm: () => import('./ssm.ts'),
  sts: () => import('./sts.ts'),
};

export function isService(name: string): name is ServiceName {
  return Object.hasOwn(packages, name);
}
