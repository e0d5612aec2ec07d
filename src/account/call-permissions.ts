/**
 * What the calls of a solution must be permitted, with what sets right or deletes what they made, by hand in the console
 * or by command (Service Authorization Reference; EC2 User Guide, "Launch instances"; VPC User Guide, "Control the use
 * of flow logs"). What has a name in the solution is permitted under that name only.
 */

import type { ServiceName } from './connection.ts';
import { type Conditions, ec2, everywhere, iam, logGroup, on, type Permission, ssmDocument } from './permissions.ts';

type Input = Readonly<Record<string, unknown>>;

export interface SentCall {
  /** `ec2:CreateVpc`. */
  readonly call: string;
  readonly input: Input;
  /** Names under which parts of the answer are known to later calls as `${name}`. */
  readonly save?: Readonly<Record<string, string>> | undefined;
}

/** The types of resource that an EC2 action is asked on. Actions that are not here are permitted on all. */
const EC2_TYPES: Readonly<Record<string, readonly string[]>> = {
  AcceptVpcPeeringConnection: ['vpc', 'vpc-peering-connection'],
  AllocateAddress: ['elastic-ip'],
  AssociateAddress: ['elastic-ip', 'instance', 'network-interface'],
  AssociateIamInstanceProfile: ['instance'],
  AssociateRouteTable: ['route-table', 'subnet'],
  AttachInternetGateway: ['internet-gateway', 'vpc'],
  AuthorizeSecurityGroupIngress: ['security-group'],
  CreateFlowLogs: ['network-interface', 'subnet', 'vpc', 'vpc-flow-log'],
  CreateInternetGateway: ['internet-gateway'],
  CreateNetworkAclEntry: ['network-acl'],
  CreateRoute: ['route-table'],
  CreateRouteTable: ['route-table', 'vpc'],
  CreateSecurityGroup: ['security-group', 'vpc'],
  CreateSubnet: ['subnet', 'vpc'],
  CreateVpc: ['vpc'],
  CreateVpcPeeringConnection: ['vpc', 'vpc-peering-connection'],
  DeleteFlowLogs: ['vpc-flow-log'],
  DeleteInternetGateway: ['internet-gateway'],
  DeleteNetworkAclEntry: ['network-acl'],
  DeleteNetworkInterface: ['network-interface'],
  DeleteRoute: ['route-table'],
  DeleteRouteTable: ['route-table'],
  DeleteSecurityGroup: ['security-group'],
  DeleteSubnet: ['subnet'],
  DeleteVolume: ['volume'],
  DeleteVpc: ['vpc'],
  DeleteVpcPeeringConnection: ['vpc-peering-connection'],
  DetachInternetGateway: ['internet-gateway', 'vpc'],
  DisassociateAddress: ['elastic-ip', 'network-interface'],
  DisassociateIamInstanceProfile: ['instance'],
  DisassociateRouteTable: ['route-table', 'subnet'],
  ModifyVpcAttribute: ['vpc'],
  ReleaseAddress: ['elastic-ip'],
  ReplaceRoute: ['route-table'],
  RevokeSecurityGroupEgress: ['security-group'],
  RevokeSecurityGroupIngress: ['security-group'],
  RunInstances: ['image', 'instance', 'network-interface', 'security-group', 'subnet', 'volume'],
  StartInstances: ['instance'],
  StopInstances: ['instance'],
  TerminateInstances: ['instance'],
};

/** By what makes something: what sets it right, or takes it away again. */
const AFTERWARDS: Readonly<Record<string, readonly string[]>> = {
  'ec2:AssociateIamInstanceProfile': ['DisassociateIamInstanceProfile'],
  'ec2:AssociateRouteTable': ['DisassociateRouteTable'],
  'ec2:AttachInternetGateway': ['DetachInternetGateway'],
  'ec2:AuthorizeSecurityGroupIngress': ['RevokeSecurityGroupIngress'],
  'ec2:CreateFlowLogs': ['DeleteFlowLogs'],
  'ec2:CreateInternetGateway': ['DeleteInternetGateway'],
  'ec2:CreateRoute': ['DeleteRoute', 'ReplaceRoute'],
  'ec2:CreateRouteTable': ['DeleteRouteTable'],
  'ec2:CreateSecurityGroup': ['DeleteSecurityGroup', 'RevokeSecurityGroupEgress'],
  'ec2:CreateSubnet': ['CreateNetworkAclEntry', 'DeleteNetworkAclEntry', 'DeleteSubnet'],
  'ec2:CreateVpc': ['DeleteVpc'],
  'ec2:CreateVpcPeeringConnection': ['DeleteVpcPeeringConnection'],
  'ec2:RunInstances': [
    'AllocateAddress',
    'AssociateAddress',
    'DeleteNetworkInterface',
    'DeleteVolume',
    'DisassociateAddress',
    'ReleaseAddress',
    'StartInstances',
    'StopInstances',
    'TerminateInstances',
  ],
  'iam:AddRoleToInstanceProfile': ['RemoveRoleFromInstanceProfile'],
  'iam:AttachRolePolicy': ['DetachRolePolicy'],
  'iam:CreateInstanceProfile': ['DeleteInstanceProfile', 'GetInstanceProfile'],
  'iam:CreatePolicy': [
    'CreatePolicyVersion',
    'DeletePolicy',
    'DeletePolicyVersion',
    'ListEntitiesForPolicy',
    'ListPolicyVersions',
  ],
  'iam:CreateRole': [
    'DeleteRole',
    'DeleteRolePolicy',
    'ListInstanceProfilesForRole',
    'PutRolePolicy',
    'UpdateAssumeRolePolicy',
  ],
  'logs:CreateLogGroup': ['DeleteLogGroup', 'PutRetentionPolicy'],
};

/** What the console's pages for a service read beside, and the terminal that it opens on an instance. */
const CONSOLE: Readonly<Record<ServiceName, readonly Permission[]>> = {
  ec2: [...everywhere('ec2:Describe*'), ...on([ec2('instance')], 'ec2-instance-connect:SendSSHPublicKey')],
  iam: everywhere('iam:ListRoles', 'iam:ListPolicies', 'iam:ListInstanceProfiles'),
  logs: [...on([logGroup('*')], 'logs:GetLogEvents'), ...everywhere('logs:DescribeLogGroups', 'logs:StopQuery')],
  ssm: [],
  sts: [],
};

export function solutionPermissions(calls: readonly SentCall[]): readonly Permission[] {
  const services = new Set(calls.map(({ call }) => call.split(':')[0]));
  const all = calls.flatMap((sent) => {
    const [service = ''] = sent.call.split(':');
    const actions = [sent.call, ...(AFTERWARDS[sent.call] ?? []).map((operation) => `${service}:${operation}`)];
    return actions.flatMap((action) => permissionsFor(action, sent.input));
  });
  const types = unique(all.filter(isScopedEc2).flatMap(({ resources }) => resources));
  return [
    // One list of types for all of EC2: an action means nothing on a type that is not its own.
    ...all.map((each) => (isScopedEc2(each) ? { ...each, resources: types } : each)),
    ...tagging(calls),
    ...calls.flatMap((sent) => passing(sent, calls)),
    ...Object.entries(CONSOLE).flatMap(([service, permissions]) => (services.has(service) ? permissions : [])),
  ];
}

function isScopedEc2({ action, resources }: Permission): boolean {
  return action.startsWith('ec2:') && !resources.includes('*');
}

function permissionsFor(action: string, input: Input): readonly Permission[] {
  const [service, operation = ''] = action.split(':');
  switch (service) {
    case 'ec2':
      return [...on(EC2_TYPES[operation]?.map(ec2) ?? ['*'], action), ...imageParameter(operation, input)];
    case 'iam':
      return iamPermissions(action, input);
    case 'logs':
      return input.logGroupName === undefined ? everywhere(action) : on([logGroup(nameIn(input.logGroupName))], action);
    case 'ssm':
      return operation === 'SendCommand'
        ? on([ssmDocument(nameIn(input.DocumentName)), ec2('instance')], action)
        : everywhere(action);
    default:
      return everywhere(action);
  }
}

/** `resolve:ssm:NAME` is looked up with the caller's own permissions; AWS's own parameters belong to no account. */
function imageParameter(operation: string, { ImageId }: Input): readonly Permission[] {
  const name = /^resolve:ssm:\/?(.+)$/.exec(String(ImageId))?.[1];
  if (operation !== 'RunInstances' || name === undefined) return [];
  const owner = name.startsWith('aws/service/') ? '' : '*';
  return on([`arn:\${partition}:ssm:*:${owner}:parameter/${name}`], 'ssm:GetParameters');
}

function iamPermissions(action: string, input: Input): readonly Permission[] {
  const { InstanceProfileName, RoleName, PolicyName, PolicyArn } = input;
  const resource =
    InstanceProfileName !== undefined
      ? iam('instance-profile', nameIn(InstanceProfileName))
      : RoleName !== undefined
        ? iam('role', nameIn(RoleName))
        : PolicyName !== undefined
          ? iam('policy', nameIn(PolicyName))
          : '*';
  const conditions: Conditions | undefined =
    /^iam:(Attach|Detach)/.test(action) && PolicyArn !== undefined
      ? { ArnLike: { 'iam:PolicyARN': [String(PolicyArn).replace('${account}', '*')] } }
      : undefined;
  return [{ action, resources: [resource], ...(conditions && { conditions }) }];
}

/** What only an earlier call can tell may be any. */
function nameIn(value: unknown): string {
  const name = String(value);
  return name.includes('${') ? '*' : name;
}

/** Tags at the making of a thing, and no others. */
function tagging(calls: readonly SentCall[]): readonly Permission[] {
  const tagged = calls.flatMap(({ call, input: { TagSpecifications } }) => {
    const types = (Array.isArray(TagSpecifications) ? TagSpecifications : []).map(
      (each: { readonly ResourceType?: string }) => each.ResourceType ?? '*',
    );
    return types.map((type) => ({ type, operation: call.split(':')[1] ?? '' }));
  });
  if (tagged.length === 0) return [];
  return [
    {
      action: 'ec2:CreateTags',
      resources: unique(tagged.map(({ type }) => ec2(type))),
      conditions: { StringEquals: { 'ec2:CreateAction': unique(tagged.map(({ operation }) => operation)) } },
    },
  ];
}

/** The role that a call hands to a service: an instance's is the one that the solution puts into the profile. */
function passing({ call, input }: SentCall, calls: readonly SentCall[]): readonly Permission[] {
  switch (call) {
    case 'iam:AddRoleToInstanceProfile':
      return [pass(nameIn(input.RoleName), 'ec2.amazonaws.com')];
    case 'ec2:RunInstances':
    case 'ec2:AssociateIamInstanceProfile': {
      const { IamInstanceProfile: profile } = input;
      if (typeof profile !== 'object' || profile === null) return [];
      const added = calls.find(
        (each) =>
          each.call === 'iam:AddRoleToInstanceProfile' &&
          each.input.InstanceProfileName === (profile as { readonly Name?: unknown }).Name,
      );
      return [pass(nameIn(added?.input.RoleName ?? '*'), 'ec2.amazonaws.com')];
    }
    case 'ec2:CreateFlowLogs': {
      const { DeliverLogsPermissionArn: arn } = input;
      if (arn === undefined) return [];
      const made = calls.find(
        ({ call: maker, save = {} }) =>
          maker === 'iam:CreateRole' && Object.keys(save).some((name) => arn === `\${${name}}`),
      );
      const name = made ? nameIn(made.input.RoleName) : nameIn(String(arn).replace(/^.*:role\//, ''));
      return [pass(name, 'vpc-flow-logs.amazonaws.com')];
    }
    default:
      return [];
  }
}

function pass(roleName: string, service: string): Permission {
  return {
    action: 'iam:PassRole',
    resources: [iam('role', roleName)],
    conditions: { StringEquals: { 'iam:PassedToService': [service] } },
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
