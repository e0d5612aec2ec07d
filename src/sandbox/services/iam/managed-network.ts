/** AWS managed policies for VPC, as AWS publishes them (AWS Managed Policy Reference). */
import { managed, words } from './managed-policy.ts';

export const networkPolicies = [
  managed(
    {
      name: 'AmazonVPCReadOnlyAccess',
      id: 'ANPAIICZJNOJN36GTG6CM',
      path: '/',
      created: '2015-02-06T18:41:17Z',
      updated: '2026-02-12T17:58:19Z',
      version: 'v12',
    },
    [
      {
        Sid: 'AmazonVPCReadOnlyAccess',
        Effect: 'Allow',
        Action: words(`
        ec2:DescribeAccountAttributes ec2:DescribeAddresses ec2:DescribeCarrierGateways
        ec2:DescribeClassicLinkInstances ec2:DescribeCustomerGateways ec2:DescribeDhcpOptions
        ec2:DescribeEgressOnlyInternetGateways ec2:DescribeFlowLogs ec2:DescribeInternetGateways
        ec2:DescribeLocalGatewayRouteTables ec2:DescribeLocalGatewayRouteTableVpcAssociations
        ec2:DescribeMovingAddresses ec2:DescribeNatGateways ec2:DescribeNetworkAcls
        ec2:DescribeNetworkInterfaceAttribute ec2:DescribeNetworkInterfacePermissions
        ec2:DescribeNetworkInterfaces ec2:DescribePrefixLists ec2:DescribeRouteTables
        ec2:DescribeSecurityGroupReferences ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups
        ec2:DescribeSecurityGroupVpcAssociations ec2:DescribeStaleSecurityGroups ec2:DescribeSubnets
        ec2:DescribeTags ec2:DescribeVpcAttribute ec2:DescribeVpcClassicLink
        ec2:DescribeVpcClassicLinkDnsSupport ec2:DescribeVpcEndpoints
        ec2:DescribeVpcEndpointConnectionNotifications ec2:DescribeVpcEndpointConnections
        ec2:DescribeVpcEndpointServiceConfigurations ec2:DescribeVpcEndpointServicePermissions
        ec2:DescribeVpcEndpointServices ec2:DescribeVpcPeeringConnections ec2:DescribeVpcs
        ec2:DescribeVpnConnections ec2:DescribeVpnGateways ec2:GetSecurityGroupsForVpc
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'AmazonVPCFullAccess',
      id: 'ANPAJBWPGNOVKZD3JI2P2',
      path: '/',
      created: '2015-02-06T18:41:16Z',
      updated: '2026-02-12T18:00:44Z',
      version: 'v13',
    },
    [
      {
        Sid: 'AmazonVPCFullAccess',
        Effect: 'Allow',
        Action: words(`
        ec2:AcceptVpcPeeringConnection ec2:AcceptVpcEndpointConnections ec2:AllocateAddress
        ec2:AssignIpv6Addresses ec2:AssignPrivateIpAddresses ec2:AssociateAddress ec2:AssociateDhcpOptions
        ec2:AssociateRouteTable ec2:AssociateSecurityGroupVpc ec2:AssociateSubnetCidrBlock
        ec2:AssociateVpcCidrBlock ec2:AttachClassicLinkVpc ec2:AttachInternetGateway
        ec2:AttachNetworkInterface ec2:AttachVpnGateway ec2:AuthorizeSecurityGroupEgress
        ec2:AuthorizeSecurityGroupIngress ec2:CreateCarrierGateway ec2:CreateCustomerGateway
        ec2:CreateDefaultSubnet ec2:CreateDefaultVpc ec2:CreateDhcpOptions ec2:CreateEgressOnlyInternetGateway
        ec2:CreateFlowLogs ec2:CreateInternetGateway ec2:CreateLocalGatewayRouteTableVpcAssociation
        ec2:CreateNatGateway ec2:CreateNetworkAcl ec2:CreateNetworkAclEntry ec2:CreateNetworkInterface
        ec2:CreateNetworkInterfacePermission ec2:CreateRoute ec2:CreateRouteTable ec2:CreateSecurityGroup
        ec2:CreateSubnet ec2:CreateTags ec2:CreateVpc ec2:CreateVpcEndpoint
        ec2:CreateVpcEndpointConnectionNotification ec2:CreateVpcEndpointServiceConfiguration
        ec2:CreateVpcPeeringConnection ec2:CreateVpnConnection ec2:CreateVpnConnectionRoute
        ec2:CreateVpnGateway ec2:DeleteCarrierGateway ec2:DeleteCustomerGateway ec2:DeleteDhcpOptions
        ec2:DeleteEgressOnlyInternetGateway ec2:DeleteFlowLogs ec2:DeleteInternetGateway
        ec2:DeleteLocalGatewayRouteTableVpcAssociation ec2:DeleteNatGateway ec2:DeleteNetworkAcl
        ec2:DeleteNetworkAclEntry ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission
        ec2:DeleteRoute ec2:DeleteRouteTable ec2:DeleteSecurityGroup ec2:DeleteSubnet ec2:DeleteTags
        ec2:DeleteVpc ec2:DeleteVpcEndpoints ec2:DeleteVpcEndpointConnectionNotifications
        ec2:DeleteVpcEndpointServiceConfigurations ec2:DeleteVpcPeeringConnection ec2:DeleteVpnConnection
        ec2:DeleteVpnConnectionRoute ec2:DeleteVpnGateway ec2:DescribeAccountAttributes ec2:DescribeAddresses
        ec2:DescribeAvailabilityZones ec2:DescribeCarrierGateways ec2:DescribeClassicLinkInstances
        ec2:DescribeCustomerGateways ec2:DescribeDhcpOptions ec2:DescribeEgressOnlyInternetGateways
        ec2:DescribeFlowLogs ec2:DescribeInstances ec2:DescribeInternetGateways ec2:DescribeIpv6Pools
        ec2:DescribeLocalGatewayRouteTables ec2:DescribeLocalGatewayRouteTableVpcAssociations
        ec2:DescribeKeyPairs ec2:DescribeMovingAddresses ec2:DescribeNatGateways ec2:DescribeNetworkAcls
        ec2:DescribeNetworkInterfaceAttribute ec2:DescribeNetworkInterfacePermissions
        ec2:DescribeNetworkInterfaces ec2:DescribePrefixLists ec2:DescribeRouteTables
        ec2:DescribeSecurityGroupReferences ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups
        ec2:DescribeSecurityGroupVpcAssociations ec2:DescribeStaleSecurityGroups ec2:DescribeSubnets
        ec2:DescribeTags ec2:DescribeVpcAttribute ec2:DescribeVpcClassicLink
        ec2:DescribeVpcClassicLinkDnsSupport ec2:DescribeVpcEndpointConnectionNotifications
        ec2:DescribeVpcEndpointConnections ec2:DescribeVpcEndpoints
        ec2:DescribeVpcEndpointServiceConfigurations ec2:DescribeVpcEndpointServicePermissions
        ec2:DescribeVpcEndpointServices ec2:DescribeVpcPeeringConnections ec2:DescribeVpcs
        ec2:DescribeVpnConnections ec2:DescribeVpnGateways ec2:DetachClassicLinkVpc ec2:DetachInternetGateway
        ec2:DetachNetworkInterface ec2:DetachVpnGateway ec2:DisableVgwRoutePropagation
        ec2:DisableVpcClassicLink ec2:DisableVpcClassicLinkDnsSupport ec2:DisassociateAddress
        ec2:DisassociateRouteTable ec2:DisassociateSecurityGroupVpc ec2:DisassociateSubnetCidrBlock
        ec2:DisassociateVpcCidrBlock ec2:EnableVgwRoutePropagation ec2:EnableVpcClassicLink
        ec2:EnableVpcClassicLinkDnsSupport ec2:GetSecurityGroupsForVpc ec2:ModifyNetworkInterfaceAttribute
        ec2:ModifySecurityGroupRules ec2:ModifySubnetAttribute ec2:ModifyVpcAttribute ec2:ModifyVpcEndpoint
        ec2:ModifyVpcEndpointConnectionNotification ec2:ModifyVpcEndpointServiceConfiguration
        ec2:ModifyVpcEndpointServicePermissions ec2:ModifyVpcPeeringConnectionOptions ec2:ModifyVpcTenancy
        ec2:MoveAddressToVpc ec2:RejectVpcEndpointConnections ec2:RejectVpcPeeringConnection
        ec2:ReleaseAddress ec2:ReplaceNetworkAclAssociation ec2:ReplaceNetworkAclEntry ec2:ReplaceRoute
        ec2:ReplaceRouteTableAssociation ec2:ResetNetworkInterfaceAttribute ec2:RestoreAddressToClassic
        ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress ec2:UnassignIpv6Addresses
        ec2:UnassignPrivateIpAddresses ec2:UpdateSecurityGroupRuleDescriptionsEgress
        ec2:UpdateSecurityGroupRuleDescriptionsIngress
      `),
        Resource: '*',
      },
    ],
  ),
];
