/** A role in the learner's account that one instructor may take on to verify a lab: a CloudFormation template. */
import { stringify } from 'yaml';
import { questionPermissions } from '../account/permissions.ts';
import type { Registry } from '../lab/checks.ts';
import type { Lab } from '../lab/schema.ts';
import { ACTIVE, checkerPermissions } from './permissions.ts';
import { type PolicyDocument, policyDocument } from './policy.ts';

const PARTITION = '${AWS::Partition}';

/** YAML. Its intrinsic functions are written in their long form, so that any YAML reader understands it. */
export function gradingTemplate(lab: Lab, checks: Registry): string {
  const reads = policyDocument(checkerPermissions(lab, checks, [ACTIVE]), PARTITION);
  const pings = asksForPings(lab, checks) ? policyDocument(questionPermissions[ACTIVE], PARTITION) : undefined;
  return stringify(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `labproof: lets an instructor verify the lab ${lab.id} in this account. It has a named role: deploy it with CAPABILITY_NAMED_IAM.`,
      Parameters: {
        TrustedPrincipal: {
          Type: 'String',
          Description: "Who verifies: the instructor's AWS account ID, or the ARN of one user or role there",
          AllowedPattern: '^([0-9]{12}|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/[A-Za-z0-9_+=,.@/-]+))$',
          ConstraintDescription: 'Write 12 digits, or the ARN of a user or role.',
        },
        ExternalId: {
          Type: 'String',
          NoEcho: false,
          Description: 'The text that the instructor gave you for this account, and gives to nobody else',
          MinLength: 2,
          MaxLength: 1224,
          AllowedPattern: '^[\\w+=,.@:\\/-]*$',
        },
        RoleName: {
          Type: 'String',
          Default: 'labproof-grader',
          Description: 'What the role is called',
          AllowedPattern: '^[\\w+=,.@-]{1,64}$',
        },
        ...(pings && {
          AllowPing: {
            Type: 'String',
            Default: 'false',
            AllowedValues: ['false', 'true'],
            Description:
              'May the instructor run commands on your instances by Systems Manager? labproof sends one ping by it; AWS knows no narrower permission',
          },
        }),
      },
      ...(pings && { Conditions: { AllowPing: { 'Fn::Equals': [{ Ref: 'AllowPing' }, 'true'] } } }),
      Resources: {
        GradingRole: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: { Ref: 'RoleName' },
            Description: `Verifies the labproof lab ${lab.id}`,
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { AWS: { Ref: 'TrustedPrincipal' } },
                  Action: 'sts:AssumeRole',
                  Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } },
                },
              ],
            },
            Policies: [
              { PolicyName: 'labproof-checker', PolicyDocument: substituted(reads) },
              ...(pings
                ? [
                    {
                      'Fn::If': [
                        'AllowPing',
                        { PolicyName: 'labproof-ping', PolicyDocument: substituted(pings) },
                        { Ref: 'AWS::NoValue' },
                      ],
                    },
                  ]
                : []),
            ],
          },
        },
      },
      Outputs: {
        RoleArn: {
          Description: 'Send this to the instructor, for the roster',
          Value: { 'Fn::GetAtt': ['GradingRole', 'Arn'] },
        },
      },
    },
    // By YAML 1.1, which CloudFormation reads, `2012-10-17` is a date: quoted.
    { version: '1.1', lineWidth: 100, aliasDuplicateObjects: false },
  );
}

function asksForPings({ steps }: Lab, checks: Registry): boolean {
  return steps.some((step) => step.checks.some(({ use }) => checks[use]?.mayAsk?.includes(ACTIVE)));
}

/** ARNs whose partition CloudFormation fills in. */
function substituted({ Version, Statement }: PolicyDocument) {
  const arn = (text: string) => (text.includes('${') ? { 'Fn::Sub': text } : text);
  return {
    Version,
    Statement: Statement.map(({ Resource, ...rest }) => ({
      ...rest,
      Resource: typeof Resource === 'string' ? arn(Resource) : Resource.map(arn),
    })),
  };
}
