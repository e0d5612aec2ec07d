/** AWS managed policies for Systems Manager, CloudWatch and EC2, as AWS publishes them (AWS Managed Policy Reference). */
import { managed, words } from './managed-policy.ts';

export const servicesPolicies = [
  managed(
    {
      name: 'AmazonSSMManagedInstanceCore',
      id: 'ANPAIXSHM2BNB2D3AXXRU',
      path: '/',
      created: '2019-03-15T17:22:12Z',
      updated: '2019-05-23T16:54:21Z',
      version: 'v2',
    },
    [
      {
        Effect: 'Allow',
        Action: words(`
        ssm:DescribeAssociation ssm:GetDeployablePatchSnapshotForInstance ssm:GetDocument ssm:DescribeDocument
        ssm:GetManifest ssm:GetParameter ssm:GetParameters ssm:ListAssociations ssm:ListInstanceAssociations
        ssm:PutInventory ssm:PutComplianceItems ssm:PutConfigurePackageResult ssm:UpdateAssociationStatus
        ssm:UpdateInstanceAssociationStatus ssm:UpdateInstanceInformation
      `),
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: words(`
        ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel
        ssmmessages:OpenDataChannel
      `),
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: words(`
        ec2messages:AcknowledgeMessage ec2messages:DeleteMessage ec2messages:FailMessage
        ec2messages:GetEndpoint ec2messages:GetMessages ec2messages:SendReply
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'AmazonSSMReadOnlyAccess',
      id: 'ANPAJODSKQGGJTHRYZ5FC',
      path: '/',
      created: '2015-05-29T17:44:19Z',
      updated: '2015-05-29T17:44:19Z',
      version: 'v1',
    },
    [{ Effect: 'Allow', Action: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'], Resource: '*' }],
  ),
  managed(
    {
      name: 'AmazonSSMFullAccess',
      id: 'ANPAJA7V6HI4ISQFMDYAG',
      path: '/',
      created: '2015-05-29T17:39:47Z',
      updated: '2019-11-20T20:08:56Z',
      version: 'v4',
    },
    [
      {
        Effect: 'Allow',
        Action: words(`
        cloudwatch:PutMetricData ds:CreateComputer ds:DescribeDirectories ec2:DescribeInstanceStatus logs:*
        ssm:* ec2messages:*
      `),
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: 'arn:aws:iam::*:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM*',
        Condition: { StringLike: { 'iam:AWSServiceName': 'ssm.amazonaws.com' } },
      },
      {
        Effect: 'Allow',
        Action: ['iam:DeleteServiceLinkedRole', 'iam:GetServiceLinkedRoleDeletionStatus'],
        Resource: 'arn:aws:iam::*:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM*',
      },
      {
        Effect: 'Allow',
        Action: words(`
        ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel
        ssmmessages:OpenDataChannel
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'CloudWatchAgentServerPolicy',
      id: 'ANPAIGOPKN7KRDAKTLG4I',
      path: '/',
      created: '2018-03-07T01:06:44Z',
      updated: '2024-02-06T16:37:37Z',
      version: 'v3',
    },
    [
      {
        Sid: 'CWACloudWatchServerPermissions',
        Effect: 'Allow',
        Action: words(`
        cloudwatch:PutMetricData ec2:DescribeVolumes ec2:DescribeTags logs:PutLogEvents
        logs:PutRetentionPolicy logs:DescribeLogStreams logs:DescribeLogGroups logs:CreateLogStream
        logs:CreateLogGroup xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules
        xray:GetSamplingTargets xray:GetSamplingStatisticSummaries
      `),
        Resource: '*',
      },
      {
        Sid: 'CWASSMServerPermissions',
        Effect: 'Allow',
        Action: ['ssm:GetParameter'],
        Resource: 'arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*',
      },
    ],
  ),
  managed(
    {
      name: 'CloudWatchLogsReadOnlyAccess',
      id: 'ANPAJ2YIYDYSNNEHK3VKW',
      path: '/',
      created: '2015-02-06T18:40:03Z',
      updated: '2026-02-12T17:59:13Z',
      version: 'v12',
    },
    [
      {
        Sid: 'CloudWatchLogsReadOnlyAccess',
        Effect: 'Allow',
        Action: words(`
        logs:Describe* logs:Get* logs:List* logs:StartQuery logs:StopQuery logs:TestMetricFilter
        logs:FilterLogEvents logs:StartLiveTail logs:StopLiveTail cloudwatch:GenerateQuery
        cloudwatch:GenerateQueryResultsSummary observabilityadmin:ListS3TableIntegrations
        observabilityadmin:GetS3TableIntegration observabilityadmin:ListTelemetryPipelines
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'CloudWatchLogsFullAccess',
      id: 'ANPAJ3ZGNWK2R5HW5BQFO',
      path: '/',
      created: '2015-02-06T18:40:02Z',
      updated: '2026-02-12T18:00:33Z',
      version: 'v8',
    },
    [
      {
        Sid: 'CloudWatchLogsFullAccess',
        Effect: 'Allow',
        Action: words(`
        logs:* cloudwatch:GenerateQuery cloudwatch:GenerateQueryResultsSummary
        observabilityadmin:GetS3TableIntegration observabilityadmin:ListS3TableIntegrations
        observabilityadmin:ListTelemetryPipelines
      `),
        Resource: '*',
      },
    ],
  ),
  managed(
    {
      name: 'AmazonEC2ReadOnlyAccess',
      id: 'ANPAIGDT4SV4GSETWTBZK',
      path: '/',
      created: '2015-02-06T18:40:17Z',
      updated: '2026-02-12T18:03:17Z',
      version: 'v5',
    },
    [
      { Effect: 'Allow', Action: ['ec2:Describe*', 'ec2:GetSecurityGroupsForVpc'], Resource: '*' },
      { Effect: 'Allow', Action: 'elasticloadbalancing:Describe*', Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['cloudwatch:ListMetrics', 'cloudwatch:GetMetricStatistics', 'cloudwatch:Describe*'],
        Resource: '*',
      },
      { Effect: 'Allow', Action: 'autoscaling:Describe*', Resource: '*' },
    ],
  ),
  managed(
    {
      name: 'AmazonEC2FullAccess',
      id: 'ANPAI3VAJF5ZCRZ7MCQE6',
      path: '/',
      created: '2015-02-06T18:40:15Z',
      updated: '2018-11-27T02:16:56Z',
      version: 'v5',
    },
    [
      { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
      { Effect: 'Allow', Action: 'elasticloadbalancing:*', Resource: '*' },
      { Effect: 'Allow', Action: 'cloudwatch:*', Resource: '*' },
      { Effect: 'Allow', Action: 'autoscaling:*', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: '*',
        Condition: {
          StringEquals: {
            'iam:AWSServiceName': [
              'autoscaling.amazonaws.com',
              'ec2scheduled.amazonaws.com',
              'elasticloadbalancing.amazonaws.com',
              'spot.amazonaws.com',
              'spotfleet.amazonaws.com',
              'transitgateway.amazonaws.com',
            ],
          },
        },
      },
    ],
  ),
];
