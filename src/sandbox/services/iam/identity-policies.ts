/** Policies on roles, users and groups: inline ones and attached ones work alike on all three. */
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { AccountState } from '../../world.ts';
import type { IdentityState } from '../iam-state.ts';
import { iamPage, limitExceeded, noSuchEntity, requireName, requirePath } from './common.ts';
import { encodeDocument, requireDocument, sizeOf } from './documents.ts';
import { findPolicy } from './managed.ts';

type Kind = 'Role' | 'User' | 'Group';

interface IdentityInput {
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly GroupName?: string;
  readonly PolicyName?: string;
  readonly PolicyDocument?: string;
  readonly PolicyArn?: string;
  readonly PathPrefix?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** Of all inline policies together, without white space (IAM User Guide, "IAM and AWS STS quotas"). */
const INLINE_BYTES: Readonly<Record<Kind, number>> = { Role: 10_240, User: 2048, Group: 5120 };
const MOST_ATTACHED = 10;

export function requireAttachable(account: AccountState, arn: string | undefined): string {
  if (arn === undefined || !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(arn))
    throw new AwsError('InvalidInput', `ARN ${arn} is not valid.`);
  if (!findPolicy(account, arn)) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return arn;
}

export function policyOperations(
  kind: Kind,
  find: (account: AccountState, name: string | undefined) => IdentityState,
  /** Called before a change: roles that AWS keeps for itself refuse it. */
  guard: (identity: IdentityState) => void = () => undefined,
): Operations {
  const nameKey = `${kind}Name` as const;
  const word = kind.toLowerCase();
  const read = ({ account }: Request, input: IdentityInput) => find(account, input[nameKey]);
  const change = (request: Request, input: IdentityInput) => {
    const identity = read(request, input);
    guard(identity);
    return identity;
  };

  const Attach: Operation<IdentityInput, object> = (request, input) => {
    const identity = change(request, input);
    const arn = requireAttachable(request.account, input.PolicyArn);
    if (identity.attachedPolicyArns.includes(arn)) return {};
    if (identity.attachedPolicyArns.length >= MOST_ATTACHED) throw limitExceeded(`PoliciesPer${kind}`, MOST_ATTACHED);
    identity.attachedPolicyArns.push(arn);
    return {};
  };

  const Detach: Operation<IdentityInput, object> = (request, input) => {
    const identity = change(request, input);
    if (!identity.attachedPolicyArns.includes(input.PolicyArn ?? ''))
      throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    identity.attachedPolicyArns = identity.attachedPolicyArns.filter((arn) => arn !== input.PolicyArn);
    return {};
  };

  const ListAttached: Operation<IdentityInput, object> = (request, input) => {
    const prefix = requirePath(input.PathPrefix);
    const attached = read(request, input)
      .attachedPolicyArns.flatMap((arn) => findPolicy(request.account, arn) ?? [])
      .filter(({ path }) => path.startsWith(prefix));
    const { items, ...rest } = iamPage(attached, input);
    return { AttachedPolicies: items.map(({ arn, name }) => ({ PolicyArn: arn, PolicyName: name })), ...rest };
  };

  const Put: Operation<IdentityInput, object> = (request, input) => {
    const name = requireName(input.PolicyName, 'policyName', 128);
    const identity = change(request, input);
    // A policy may be called `__proto__`: a name of its own in an object literal, not in an assignment.
    const policies = { ...identity.inlinePolicies, [name]: requireDocument(input.PolicyDocument) };
    const bytes = Object.values(policies).reduce((sum, document) => sum + sizeOf(document), 0);
    if (bytes > INLINE_BYTES[kind])
      throw new AwsError(
        'LimitExceeded',
        `Maximum policy size of ${INLINE_BYTES[kind]} bytes exceeded for ${word} ${identity.name}`,
        409,
      );
    identity.inlinePolicies = policies;
    return {};
  };

  function inlineOf(identity: IdentityState, name = ''): string {
    const document = Object.hasOwn(identity.inlinePolicies, name) ? identity.inlinePolicies[name] : undefined;
    if (document === undefined) throw noSuchEntity(`The ${word} policy with name ${name} cannot be found.`);
    return document;
  }

  const Get: Operation<IdentityInput, object> = (request, input) => {
    const identity = read(request, input);
    const document = inlineOf(identity, input.PolicyName);
    return { [nameKey]: identity.name, PolicyName: input.PolicyName, PolicyDocument: encodeDocument(document) };
  };

  const List: Operation<IdentityInput, object> = (request, input) => {
    const { items, ...rest } = iamPage(Object.keys(read(request, input).inlinePolicies).toSorted(), input);
    return { PolicyNames: items, ...rest };
  };

  const Delete: Operation<IdentityInput, object> = (request, input) => {
    const identity = change(request, input);
    inlineOf(identity, input.PolicyName);
    delete identity.inlinePolicies[input.PolicyName ?? ''];
    return {};
  };

  return {
    [`Attach${kind}Policy`]: Attach,
    [`Detach${kind}Policy`]: Detach,
    [`ListAttached${kind}Policies`]: ListAttached,
    [`Put${kind}Policy`]: Put,
    [`Get${kind}Policy`]: Get,
    [`List${kind}Policies`]: List,
    [`Delete${kind}Policy`]: Delete,
  };
}

/** What must be gone before a role, user or group may be deleted (IAM API Reference, DeleteRole, DeleteUser, DeleteGroup). */
export function policyConflict(identity: IdentityState): string | undefined {
  if (identity.attachedPolicyArns.length > 0) return 'Cannot delete entity, must detach all policies first.';
  if (Object.keys(identity.inlinePolicies).length > 0) return 'Cannot delete entity, must delete policies first.';
  return undefined;
}

/** The boundary of a role or user: any managed policy (IAM User Guide, "Permissions boundaries"). */
export function boundaryOperations<Input extends { PermissionsBoundary?: string | undefined }>(
  kind: 'Role' | 'User',
  find: (request: Request, input: Input) => { name: string; boundaryArn?: string },
): Operations {
  const Put: Operation<Input, object> = (request, input) => {
    find(request, input).boundaryArn = requireBoundary(request.account, input.PermissionsBoundary);
    return {};
  };
  const Delete: Operation<Input, object> = (request, input) => {
    const identity = find(request, input);
    if (identity.boundaryArn === undefined)
      throw noSuchEntity(`The ${kind.toLowerCase()} with name ${identity.name} does not have a permissions boundary.`);
    delete identity.boundaryArn;
    return {};
  };
  return { [`Put${kind}PermissionsBoundary`]: Put, [`Delete${kind}PermissionsBoundary`]: Delete };
}

export function requireBoundary(account: AccountState, arn: string | undefined): string {
  if (arn === undefined || !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(arn))
    throw new AwsError('ValidationError', `Value (${arn}) passed as boundary is not a valid policy ARN.`);
  if (!findPolicy(account, arn)) throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return arn;
}

export function boundaryShape({ boundaryArn }: { boundaryArn?: string }) {
  return (
    boundaryArn !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
        PermissionsBoundaryArn: boundaryArn,
      },
    }
  );
}
