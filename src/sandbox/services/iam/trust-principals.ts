/** Whom trust policies name (IAM User Guide, "AWS JSON policy elements: Principal"). */
import { read } from '../../enforce/policies.ts';
import type { WorldState } from '../../world.ts';
import { isMistypedService } from './service-principals.ts';

/** The first principal of a well-formed document that is not there, as IAM names it in its refusal. */
export function unknownPrincipal(world: WorldState, document: string): string | undefined {
  const principals = read(document)
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => statement.principals ?? []);
  const nobody = principals.flatMap(({ aws }) => aws).find((each) => !isThere(world, each));
  if (nobody !== undefined) return `"AWS":"${nobody}"`;
  const mistyped = principals.flatMap(({ services }) => services).find(isMistypedService);
  return mistyped === undefined ? undefined : `"SERVICE":"${mistyped}"`;
}

/** Of accounts that the sandbox does not hold it cannot know who is there; accounts, sessions and bare ids are not looked up. */
function isThere(world: WorldState, principal: string): boolean {
  const [, accountId = ''] = /^arn:[\w-]+:iam::(\d{12}):(?:user|role)\//.exec(principal) ?? [];
  const iam = world.accounts[accountId]?.iam;
  return !iam || [...iam.users, ...iam.roles].some(({ arn }) => arn === principal);
}

/**
 * IAM keeps users and roles in trust policies by their unique id, and shows the ARN that they have now: that of a new name,
 * or the bare id once they are deleted. Somebody new under the old name is not trusted.
 */
export function renamePrincipal(world: WorldState, from: string, to: string): void {
  const renamed = (name: unknown) => (name === from ? to : name);
  for (const role of Object.values(world.accounts).flatMap(({ iam }) => iam.roles))
    if (role.trustPolicy.includes(`"${from}"`))
      role.trustPolicy = JSON.stringify(
        JSON.parse(role.trustPolicy, (key, value: unknown) => {
          if (key !== 'AWS') return value;
          return Array.isArray(value) ? value.map(renamed) : renamed(value);
        }),
      );
}
