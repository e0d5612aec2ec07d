/**
 * AWS managed policies for whole accounts, as AWS publishes them (AWS Managed Policy Reference). Of ReadOnlyAccess and ViewOnlyAccess,
 * which are some thousand actions long: the parts for the services that the sandbox has.
 */
import { managed, words } from './managed-policy.ts';

export const accountPolicies = [
  managed(
    {
      name: 'IAMReadOnlyAccess',
      id: 'ANPAJKSO7NDY4T57MWDSQ',
      path: '/',
      created: '2015-02-06T18:40:39Z',
      updated: '2018-01-25T19:11:27Z',
      version: 'v4',
    },
    [
      {
        Effect: 'Allow',
        Action: words(`
        iam:GenerateCredentialReport iam:GenerateServiceLastAccessedDetails iam:Get* iam:List*
        iam:SimulateCustomPolicy iam:SimulatePrincipalPolicy
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'IAMFullAccess',
      id: 'ANPAI7XKCFMBPM3QQRRVQ',
      path: '/',
      created: '2015-02-06T18:40:38Z',
      updated: '2019-06-21T19:40:00Z',
      version: 'v2',
    },
    [
      {
        Effect: 'Allow',
        Action: words(`
        iam:* organizations:DescribeAccount organizations:DescribeOrganization
        organizations:DescribeOrganizationalUnit organizations:DescribePolicy organizations:ListChildren
        organizations:ListParents organizations:ListPoliciesForTarget organizations:ListRoots
        organizations:ListPolicies organizations:ListTargetsForPolicy
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'AdministratorAccess',
      id: 'ANPAIWMBCKSKIEE64ZLYK',
      path: '/',
      created: '2015-02-06T18:39:46Z',
      updated: '2015-02-06T18:39:46Z',
      version: 'v1',
    },
    [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  ),
  managed(
    {
      name: 'PowerUserAccess',
      id: 'ANPAJYRXTHIB4FOVS3ZXS',
      path: '/',
      created: '2015-02-06T18:39:47Z',
      updated: '2026-02-12T17:59:14Z',
      version: 'v12',
    },
    [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: words(`
        account:GetAccountInformation account:GetGovCloudAccountInformation account:GetPrimaryEmail
        account:ListRegions iam:CreateServiceLinkedRole iam:DeleteServiceLinkedRole iam:ListRoles
        organizations:DescribeEffectivePolicy organizations:DescribeOrganization
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'ReadOnlyAccess',
      id: 'ANPAILL3HVNFSB6DCOWYQ',
      path: '/',
      created: '2015-02-06T18:39:48Z',
      updated: '2026-04-03T15:27:12Z',
      version: 'v182',
    },
    [
      {
        Sid: 'ReadOnlyActionsGroup1',
        Effect: 'Allow',
        Action: words(`
        ec2:Describe* ec2:DescribeInstanceImageMetadata ec2:Get* ec2:ListImagesInRecycleBin
        ec2:ListSnapshotsInRecycleBin ec2:SearchLocalGatewayRoutes ec2:SearchTransitGatewayRoutes
        ec2messages:Get* iam:Generate* iam:Get* iam:List* iam:Simulate*
      `),
        Resource: '*',
      },
      {
        Sid: 'ReadOnlyActionsGroup2',
        Effect: 'Allow',
        Action: words(`
        logs:Describe* logs:FilterLogEvents logs:Get* logs:ListAggregateLogGroupSummaries logs:ListAnomalies
        logs:ListEntitiesForLogGroup logs:ListIntegrations logs:ListLogAnomalyDetectors logs:ListLogDeliveries
        logs:ListLogGroupsForEntity logs:ListLogGroupsForQuery logs:ListScheduledQueries
        logs:ListSourcesForS3TableIntegration logs:ListTagsForResource logs:ListTagsLogGroup
        logs:StartLiveTail logs:StartQuery logs:StopLiveTail logs:StopQuery logs:TestMetricFilter
        ssm:Describe* ssm:Get* ssm:List* sts:GetAccessKeyInfo sts:GetCallerIdentity sts:GetSessionToken
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'ViewOnlyAccess',
      id: 'ANPAID22R6XPJATWOFDK6',
      path: '/job-function/',
      created: '2016-11-10T17:20:15Z',
      updated: '2026-04-22T18:12:21Z',
      version: 'v45',
    },
    [
      {
        Sid: 'GeneralViewOnlyAccessStatement',
        Effect: 'Allow',
        Action: words(`
        ec2:DescribeAccountAttributes ec2:DescribeAddresses ec2:DescribeAvailabilityZones
        ec2:DescribeBundleTasks ec2:DescribeCarrierGateways ec2:DescribeClassicLinkInstances
        ec2:DescribeConversionTasks ec2:DescribeCustomerGateways ec2:DescribeDhcpOptions
        ec2:DescribeExportTasks ec2:DescribeFlowLogs ec2:DescribeHost* ec2:DescribeIdentityIdFormat
        ec2:DescribeIdFormat ec2:DescribeImage* ec2:DescribeImport* ec2:DescribeInstance*
        ec2:DescribeInternetGateways ec2:DescribeKeyPairs ec2:DescribeLocalGatewayRouteTables
        ec2:DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations
        ec2:DescribeLocalGatewayRouteTableVpcAssociations ec2:DescribeLocalGateways
        ec2:DescribeLocalGatewayVirtualInterfaceGroups ec2:DescribeLocalGatewayVirtualInterfaces
        ec2:DescribeMovingAddresses ec2:DescribeNatGateways ec2:DescribeNetwork* ec2:DescribePlacementGroups
        ec2:DescribePrefixLists ec2:DescribeRegions ec2:DescribeReserved* ec2:DescribeRouteTables
        ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups ec2:DescribeSnapshot* ec2:DescribeSpot*
        ec2:DescribeSubnets ec2:DescribeTags ec2:DescribeVolume* ec2:DescribeVpc* ec2:DescribeVpnGateways
        ec2:SearchLocalGatewayRoutes iam:GetAccountSummary iam:GetLoginProfile iam:List* logs:Describe*
        logs:GetTransformer logs:ListEntitiesForLogGroup logs:ListLogGroupsForEntity
        logs:ListLogGroupsForQuery logs:ListTagsForResource ssm:ListAssociations ssm:ListDocuments
      `),
        Resource: '*',
      },
    ],
  ),
];
