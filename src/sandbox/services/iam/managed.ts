/** The AWS managed policies that labs use. They belong to no account and cannot be changed. */
import type { AccountState, PolicyState } from '../../world.ts';

const CREATED = Date.UTC(2019, 2, 15);

function managed(name: string, id: string, statements: readonly object[]): PolicyState {
  return {
    name,
    id,
    arn: `arn:aws:iam::aws:policy/${name}`,
    path: '/',
    createDate: CREATED,
    defaultVersionId: 'v1',
    versions: [
      { id: 'v1', createDate: CREATED, document: JSON.stringify({ Version: '2012-10-17', Statement: statements }) },
    ],
    tags: {},
  };
}

const managedPolicies: readonly PolicyState[] = [
  managed('AmazonSSMManagedInstanceCore', 'ANPAIXSHM2BNB2D3AXXRU', [
    {
      Effect: 'Allow',
      Action: [
        'ssm:DescribeAssociation',
        'ssm:GetDeployablePatchSnapshotForInstance',
        'ssm:GetDocument',
        'ssm:DescribeDocument',
        'ssm:GetManifest',
        'ssm:GetParameter',
        'ssm:GetParameters',
        'ssm:ListAssociations',
        'ssm:ListInstanceAssociations',
        'ssm:PutInventory',
        'ssm:PutComplianceItems',
        'ssm:PutConfigurePackageResult',
        'ssm:UpdateAssociationStatus',
        'ssm:UpdateInstanceAssociationStatus',
        'ssm:UpdateInstanceInformation',
      ],
      Resource: '*',
    },
    {
      Effect: 'Allow',
      Action: [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      Resource: '*',
    },
    {
      Effect: 'Allow',
      Action: [
        'ec2messages:AcknowledgeMessage',
        'ec2messages:DeleteMessage',
        'ec2messages:FailMessage',
        'ec2messages:GetEndpoint',
        'ec2messages:GetMessages',
        'ec2messages:SendReply',
      ],
      Resource: '*',
    },
  ]),
  managed('CloudWatchLogsFullAccess', 'ANPAJ3ZGNWK2R5HW5BQFO', [
    { Effect: 'Allow', Action: ['logs:*'], Resource: '*' },
  ]),
  managed('ReadOnlyAccess', 'ANPAILL3HVNFSB6DCOWYQ', [
    // The parts of AWS's own policy (some thousand actions long) for the services that the sandbox has.
    {
      Effect: 'Allow',
      Action: [
        'ec2:Describe*',
        'ec2:Get*',
        'iam:Get*',
        'iam:List*',
        'iam:Simulate*',
        'logs:Describe*',
        'logs:Filter*',
        'logs:Get*',
        'logs:List*',
        'logs:StartQuery',
        'logs:StopQuery',
        'ssm:Describe*',
        'ssm:Get*',
        'ssm:List*',
        'sts:GetCallerIdentity',
      ],
      Resource: '*',
    },
  ]),
  managed('AdministratorAccess', 'ANPAIWMBCKSKIEE64ZLYK', [{ Effect: 'Allow', Action: '*', Resource: '*' }]),
];

export function findPolicy(account: AccountState, arn: string): PolicyState | undefined {
  return [...account.iam.policies, ...managedPolicies].find((policy) => policy.arn === arn);
}

export function allPolicies(account: AccountState, scope: string | undefined): readonly PolicyState[] {
  return [...(scope === 'AWS' ? [] : account.iam.policies), ...(scope === 'Local' ? [] : managedPolicies)];
}
