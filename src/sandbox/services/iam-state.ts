/** A policy document as the caller sent it: JSON text, kept to the letter. */
export type PolicyDocumentText = string;

export interface PolicyState {
  name: string;
  arn: string;
  id: string;
  path: string;
  createDate: number;
  defaultVersionId: string;
  versions: { id: string; document: PolicyDocumentText; createDate: number }[];
  /** How many versions there ever were: their numbers are not used again. */
  versionsMade: number;
  tags: Record<string, string>;
  description?: string;
}

/** What policies are put on: a role, a user or a group. */
export interface IdentityState {
  name: string;
  arn: string;
  id: string;
  path: string;
  createDate: number;
  attachedPolicyArns: string[];
  inlinePolicies: Record<string, PolicyDocumentText>;
}

export interface RoleState extends IdentityState {
  description?: string;
  maxSessionDuration: number;
  trustPolicy: PolicyDocumentText;
  boundaryArn?: string;
  tags: Record<string, string>;
}

export interface UserState extends IdentityState {
  boundaryArn?: string;
  groupNames: string[];
  tags: Record<string, string>;
}

export type GroupState = IdentityState;

export interface InstanceProfileState {
  name: string;
  arn: string;
  id: string;
  path: string;
  createDate: number;
  roleNames: string[];
  tags?: Record<string, string>;
}

export interface IamState {
  roles: RoleState[];
  /** Customer managed policies; AWS's own come from a fixed list. */
  policies: PolicyState[];
  instanceProfiles: InstanceProfileState[];
  users: UserState[];
  groups: GroupState[];
  /** The account's alias. */
  alias?: string;
}

/** A key that the sandbox issued. Its secret is not kept: the sandbox does not verify signatures. Times in epoch milliseconds. */
export type CredentialState = AccessKeyState | SessionState;

export interface AccessKeyState {
  kind: 'access-key';
  accountId: string;
  userId: string;
  status: 'Active' | 'Inactive';
  createDate: number;
  lastUsed?: { date: number; region: string; service: string };
}

/** Temporary credentials. */
export interface SessionState {
  kind: 'session';
  accountId: string;
  issuedAt: number;
  expiresAt: number;
  /** Of the session token, see enforce/session-token.ts. */
  tokenDigest?: string;
  /** Whose they are; absent for the account's root. */
  userId?: string;
  role?: { id: string; sessionName: string; policies: PolicyDocumentText[]; tags: Record<string, string> };
}
