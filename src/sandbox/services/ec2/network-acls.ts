/** Network ACLs. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { requireCidr } from './cidr-blocks.ts';
import { dependencyViolation, invalidValue, list, notFound, requireOne, requireVpc } from './common.ts';
import { tagsFor } from './tag-rules.ts';

const LAST_RULE = 32767;

function requireAcl({ region }: Request, id: string | undefined): Ec2.NetworkAcl {
  return requireOne(region.ec2.networkAcls, ({ NetworkAclId }) => NetworkAclId, id, 'acl');
}

/** A new network ACL denies everything, both ways (VPC User Guide, "Custom network ACLs"). */
const CreateNetworkAcl: Operation<Ec2.CreateNetworkAclRequest, Ec2.CreateNetworkAclResult> = (request, input) => {
  const { region, account, random } = request;
  const acl: Ec2.NetworkAcl = {
    NetworkAclId: resourceId(random, 'acl'),
    VpcId: requireVpc(request, input.VpcId).VpcId,
    OwnerId: account.id,
    IsDefault: false,
    Associations: [],
    Entries: [true, false].map((Egress) => ({
      CidrBlock: '0.0.0.0/0',
      Egress,
      Protocol: '-1',
      RuleAction: 'deny',
      RuleNumber: LAST_RULE,
    })),
    Tags: tagsFor(input.TagSpecifications, 'network-acl'),
  };
  region.ec2.networkAcls.push(acl);
  return { NetworkAcl: acl };
};

const DescribeNetworkAcls: Operation<Ec2.DescribeNetworkAclsRequest, Ec2.DescribeNetworkAclsResult> = (
  { region },
  input,
) => {
  const { items, ...rest } = list(region.ec2.networkAcls, input, {
    ids: input.NetworkAclIds,
    idOf: ({ NetworkAclId }) => NetworkAclId,
    prefix: 'acl',
    filters: {
      'association.network-acl-id': ({ Associations }) => (Associations ?? []).map(({ NetworkAclId }) => NetworkAclId),
      'association.subnet-id': ({ Associations }) => (Associations ?? []).map(({ SubnetId }) => SubnetId),
      default: ({ IsDefault }) => IsDefault,
      'network-acl-id': ({ NetworkAclId }) => NetworkAclId,
      'owner-id': ({ OwnerId }) => OwnerId,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { NetworkAcls: items, ...rest };
};

type EntryInput = Ec2.CreateNetworkAclEntryRequest | Ec2.ReplaceNetworkAclEntryRequest;

const PROTOCOLS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17' };

function entryFrom(input: EntryInput): Ec2.NetworkAclEntry {
  const { RuleNumber = 0, Egress, RuleAction, PortRange, IcmpTypeCode } = input;
  if (RuleNumber < 1 || RuleNumber >= LAST_RULE)
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value '${RuleNumber}' for ruleNumber. Must be between 1 and 32766.`,
    );
  const Protocol = PROTOCOLS[input.Protocol ?? ''] ?? input.Protocol ?? '-1';
  if (!/^-1$|^\d{1,3}$/.test(Protocol) || Number(Protocol) > 255) throw invalidValue('protocol', Protocol);
  if (RuleAction !== 'allow' && RuleAction !== 'deny') throw invalidValue('ruleAction', RuleAction ?? '');
  if ((Protocol === '6' || Protocol === '17') && !PortRange)
    throw new AwsError('MissingParameter', 'The request must contain the parameter portRange');
  if (Protocol === '1' && !IcmpTypeCode)
    throw new AwsError('MissingParameter', 'The request must contain the parameter icmpTypeCode');
  return {
    CidrBlock: requireCidr('cidrBlock', input.CidrBlock ?? ''),
    Egress,
    Protocol,
    RuleAction,
    RuleNumber,
    ...(PortRange && Protocol !== '-1' && { PortRange }),
    ...(IcmpTypeCode && Protocol === '1' && { IcmpTypeCode }),
  };
}

function isSame(
  entry: Ec2.NetworkAclEntry,
  { RuleNumber, Egress }: { RuleNumber: number | undefined; Egress: boolean | undefined },
): boolean {
  return entry.RuleNumber === RuleNumber && entry.Egress === Egress;
}

function byNumber(a: Ec2.NetworkAclEntry, b: Ec2.NetworkAclEntry): number {
  return (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0);
}

const CreateNetworkAclEntry: Operation<Ec2.CreateNetworkAclEntryRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  const entry = entryFrom(input);
  if (acl.Entries?.some((each) => isSame(each, input)))
    throw new AwsError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${input.RuleNumber} already exists.`,
    );
  acl.Entries = [...(acl.Entries ?? []), entry].sort(byNumber);
  return {};
};

const ReplaceNetworkAclEntry: Operation<Ec2.ReplaceNetworkAclEntryRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  const entry = entryFrom(input);
  requireEntry(acl, input);
  acl.Entries = acl.Entries?.map((each) => (isSame(each, input) ? entry : each));
  return {};
};

const DeleteNetworkAclEntry: Operation<Ec2.DeleteNetworkAclEntryRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  requireEntry(acl, input);
  acl.Entries = acl.Entries?.filter((each) => !isSame(each, input));
  return {};
};

function requireEntry(
  acl: Ec2.NetworkAcl,
  input: { RuleNumber: number | undefined; Egress: boolean | undefined },
): void {
  if (input.RuleNumber === LAST_RULE || !acl.Entries?.some((each) => isSame(each, input)))
    throw new AwsError(
      'InvalidNetworkAclEntry.NotFound',
      `Rule ${input.RuleNumber} does not exist in network ACL ${acl.NetworkAclId}.`,
    );
}

const ReplaceNetworkAclAssociation: Operation<
  Ec2.ReplaceNetworkAclAssociationRequest,
  Ec2.ReplaceNetworkAclAssociationResult
> = (request, input) => {
  const target = requireAcl(request, input.NetworkAclId);
  for (const acl of request.region.ec2.networkAcls) {
    const association = acl.Associations?.find(
      ({ NetworkAclAssociationId }) => NetworkAclAssociationId === input.AssociationId,
    );
    if (!association) continue;
    if (acl.VpcId !== target.VpcId)
      throw new AwsError(
        'InvalidParameterValue',
        `Network ACL ${target.NetworkAclId} and subnet ${association.SubnetId} belong to different networks`,
      );
    acl.Associations = acl.Associations?.filter((each) => each !== association);
    const NetworkAclAssociationId = resourceId(request.random, 'aclassoc');
    target.Associations = [
      ...(target.Associations ?? []),
      { NetworkAclAssociationId, NetworkAclId: target.NetworkAclId, SubnetId: association.SubnetId },
    ];
    return { NewAssociationId: NetworkAclAssociationId };
  }
  throw notFound('aclassoc', input.AssociationId ?? '');
};

const DeleteNetworkAcl: Operation<Ec2.DeleteNetworkAclRequest, object> = (request, input) => {
  const acl = requireAcl(request, input.NetworkAclId);
  if (acl.IsDefault)
    throw new AwsError('InvalidParameterValue', `cannot delete default network ACL ${acl.NetworkAclId}`);
  if (acl.Associations?.length) throw dependencyViolation(`The networkAcl '${acl.NetworkAclId}'`);
  request.region.ec2.networkAcls = request.region.ec2.networkAcls.filter((each) => each !== acl);
  return {};
};

export const networkAclOperations: Operations = {
  CreateNetworkAcl,
  DescribeNetworkAcls,
  CreateNetworkAclEntry,
  ReplaceNetworkAclEntry,
  DeleteNetworkAclEntry,
  ReplaceNetworkAclAssociation,
  DeleteNetworkAcl,
};
