/** Amazon EC2, as far as networking labs go. */
import { accountOf, regionOf } from '../../accounts.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { accountAttributeOperations } from './account-attributes.ts';
import { addressOperations } from './addresses.ts';
import { awsPrefixListOperations } from './aws-prefix-lists.ts';
import { blockPublicAccessOperations } from './block-public-access.ts';
import { defaultVpcOperations } from './default-vpc-operations.ts';
import { dhcpOptionsOperations } from './dhcp-options.ts';
import { egressOnlyGatewayOperations } from './egress-only-gateways.ts';
import { endpointServiceOperations } from './endpoint-services.ts';
import { flowLogOperations } from './flow-logs.ts';
import { gatewayOperations } from './gateways.ts';
import { imageOperations } from './images.ts';
import { instanceAttributeOperations } from './instance-attributes.ts';
import { instanceLifeOperations } from './instance-life.ts';
import { instanceOptionOperations } from './instance-options.ts';
import { instanceTypeOperations } from './instance-types.ts';
import { instanceOperations } from './instances.ts';
import { interfaceAddressOperations } from './interface-addresses.ts';
import { interfaceAttachmentOperations } from './interface-attachments.ts';
import { interfaceAttributeOperations } from './interface-attributes.ts';
import { interfaceIpv6Operations } from './interface-ipv6.ts';
import { keyPairOperations } from './key-pairs.ts';
import { launchOperations } from './launch.ts';
import { natGatewayOperations } from './nat-gateways.ts';
import { networkAclEntryOperations } from './network-acl-entries.ts';
import { networkAclOperations } from './network-acls.ts';
import { networkInterfaceOperations } from './network-interfaces.ts';
import { peeringAnswerOperations } from './peering-answers.ts';
import { peeringOperations } from './peerings.ts';
import { prefixListOperations } from './prefix-lists.ts';
import { profileOperations } from './profiles.ts';
import { routeAssociationOperations } from './route-associations.ts';
import { routeTableOperations } from './route-tables.ts';
import { routeOperations } from './routes.ts';
import { securityGroupReferenceOperations } from './security-group-references.ts';
import { securityGroupRuleChangeOperations } from './security-group-rule-changes.ts';
import { securityGroupRuleEditOperations } from './security-group-rule-edits.ts';
import { securityGroupOperations } from './security-groups.ts';
import { subnetAttributeOperations } from './subnet-attributes.ts';
import { subnetIpv6BlockOperations } from './subnet-ipv6-blocks.ts';
import { subnetOperations } from './subnets.ts';
import { tagOperations } from './tags.ts';
import { volumeOperations } from './volumes.ts';
import { vpcAttributeOperations } from './vpc-attributes.ts';
import { vpcCidrBlockOperations } from './vpc-cidr-blocks.ts';
import { vpcEndpointChangeOperations } from './vpc-endpoint-changes.ts';
import { vpcEndpointOperations } from './vpc-endpoints.ts';
import { vpcOperations } from './vpcs.ts';
import { zoneOperations } from './zones.ts';

const all: Operations = {
  ...accountAttributeOperations,
  ...addressOperations,
  ...awsPrefixListOperations,
  ...blockPublicAccessOperations,
  ...defaultVpcOperations,
  ...dhcpOptionsOperations,
  ...egressOnlyGatewayOperations,
  ...endpointServiceOperations,
  ...flowLogOperations,
  ...gatewayOperations,
  ...imageOperations,
  ...instanceAttributeOperations,
  ...instanceLifeOperations,
  ...instanceOperations,
  ...instanceOptionOperations,
  ...instanceTypeOperations,
  ...interfaceAddressOperations,
  ...interfaceAttachmentOperations,
  ...interfaceAttributeOperations,
  ...keyPairOperations,
  ...interfaceIpv6Operations,
  ...launchOperations,
  ...natGatewayOperations,
  ...networkAclEntryOperations,
  ...networkAclOperations,
  ...networkInterfaceOperations,
  ...peeringAnswerOperations,
  ...peeringOperations,
  ...prefixListOperations,
  ...profileOperations,
  ...routeAssociationOperations,
  ...routeOperations,
  ...routeTableOperations,
  ...securityGroupOperations,
  ...securityGroupReferenceOperations,
  ...securityGroupRuleChangeOperations,
  ...securityGroupRuleEditOperations,
  ...subnetAttributeOperations,
  ...subnetIpv6BlockOperations,
  ...subnetOperations,
  ...tagOperations,
  ...vpcAttributeOperations,
  ...vpcCidrBlockOperations,
  ...vpcEndpointChangeOperations,
  ...vpcEndpointOperations,
  ...volumeOperations,
  ...vpcOperations,
  ...zoneOperations,
};

/**
 * Every EC2 action knows DryRun: it answers with an error that says what would have happened (EC2 API, "Common query
 * parameters"). The operation runs on a copy of the region, so that it is judged and changes nothing.
 */
function withDryRun(run: Operations[string]): Operation<{ DryRun?: boolean | undefined }, unknown> {
  return (request, input) => {
    if (!input.DryRun) return run(request, input);
    const world = structuredClone(request.world);
    const account = accountOf(world, request.accessKeyId);
    run(
      { ...request, world, account, region: regionOf(account, request.regionName, request.now, request.random) },
      input,
    );
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  };
}

export const operations: Operations = Object.fromEntries(
  Object.entries(all).map(([name, run]) => [name, withDryRun(run)]),
);
