/** Network ACLs. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { once } from './client-tokens.ts';
import { dependencyViolation, list, notFound, requireAcl, requireVpc } from './common.ts';
import { blocks6Of, lastRules6 } from './ipv6-blocks.ts';
import { tagsFor } from './tag-rules.ts';

const LAST_RULE = 32767;

const CreateNetworkAcl: Operation<Ec2.CreateNetworkAclRequest, Ec2.CreateNetworkAclResult> = (request, input) => {
  const answer = (NetworkAcl: Ec2.NetworkAcl) => ({ NetworkAcl, ClientToken: input.ClientToken });
  return once(
    request,
    'CreateNetworkAcl',
    input,
    () => {
      const acl = makeAcl(request, input);
      return { output: answer(acl), ids: [acl.NetworkAclId ?? ''] };
    },
    ([id]) => {
      const known = request.region.ec2.networkAcls.find(({ NetworkAclId }) => NetworkAclId === id);
      return known && answer(known);
    },
  );
};

/** A new network ACL denies everything, both ways (VPC User Guide, "Custom network ACLs"). */
function makeAcl(request: Request, input: Ec2.CreateNetworkAclRequest): Ec2.NetworkAcl {
  const { region, account, random } = request;
  const vpc = requireVpc(request, input.VpcId);
  const acl: Ec2.NetworkAcl = {
    NetworkAclId: resourceId(random, 'acl'),
    VpcId: vpc.VpcId,
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
  if (blocks6Of(vpc).length > 0) acl.Entries = [...(acl.Entries ?? []), ...lastRules6()];
  region.ec2.networkAcls.push(acl);
  return acl;
}

const DescribeNetworkAcls: Operation<Ec2.DescribeNetworkAclsRequest, Ec2.DescribeNetworkAclsResult> = (
  { region },
  input,
) => {
  const associations = ({ Associations }: Ec2.NetworkAcl) => Associations ?? [];
  const entries = ({ Entries }: Ec2.NetworkAcl) => Entries ?? [];
  const { items, ...rest } = list(region.ec2.networkAcls, input, {
    ids: input.NetworkAclIds,
    idOf: ({ NetworkAclId }) => NetworkAclId,
    prefix: 'acl',
    filters: {
      'association.association-id': (acl) => associations(acl).map((each) => each.NetworkAclAssociationId),
      'association.network-acl-id': (acl) => associations(acl).map((each) => each.NetworkAclId),
      'association.subnet-id': (acl) => associations(acl).map((each) => each.SubnetId),
      default: ({ IsDefault }) => IsDefault,
      'entry.cidr': (acl) => entries(acl).map((each) => each.CidrBlock),
      'entry.egress': (acl) => entries(acl).map((each) => each.Egress),
      'entry.icmp.code': (acl) => entries(acl).map((each) => each.IcmpTypeCode?.Code),
      'entry.icmp.type': (acl) => entries(acl).map((each) => each.IcmpTypeCode?.Type),
      'entry.ipv6-cidr': (acl) => entries(acl).map((each) => each.Ipv6CidrBlock),
      'entry.port-range.from': (acl) => entries(acl).map((each) => each.PortRange?.From),
      'entry.port-range.to': (acl) => entries(acl).map((each) => each.PortRange?.To),
      'entry.protocol': (acl) => entries(acl).map((each) => each.Protocol),
      'entry.rule-action': (acl) => entries(acl).map((each) => each.RuleAction),
      'entry.rule-number': (acl) => entries(acl).map((each) => each.RuleNumber),
      'network-acl-id': ({ NetworkAclId }) => NetworkAclId,
      'owner-id': ({ OwnerId }) => OwnerId,
      'vpc-id': ({ VpcId }) => VpcId,
    },
  });
  return { NetworkAcls: items, ...rest };
};

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
  ReplaceNetworkAclAssociation,
  DeleteNetworkAcl,
};
