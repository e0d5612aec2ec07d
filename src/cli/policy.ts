/** `labproof policy`: the IAM policy that a lab needs, or a grading role with it as a CloudFormation template. */
import { jsonText } from '../lib/json.ts';
import { checkerPermissions, learnerPermissions } from '../run/permissions.ts';
import { policyDocument } from '../run/policy.ts';
import { usage } from './exit.ts';
import { openLab } from './labs.ts';

export interface PolicyFlags {
  readonly for: 'checker' | 'learner';
  readonly cloudformation?: boolean;
}

/** The partition of all commercial Regions; a template asks CloudFormation for its own. */
const PARTITION = 'aws';

export async function policy(named: string | undefined, flags: PolicyFlags): Promise<void> {
  if (flags.cloudformation && flags.for === 'learner')
    throw usage('--cloudformation is a role to verify with. For a policy to do the lab, leave it out.');
  const { lab, checks } = await openLab(named);
  const registry = await checks();
  if (flags.cloudformation) {
    const { gradingTemplate } = await import('../run/grading-role.ts');
    process.stdout.write(gradingTemplate(lab, registry));
    return;
  }
  const permissions = flags.for === 'learner' ? learnerPermissions(lab, registry) : checkerPermissions(lab, registry);
  process.stdout.write(jsonText(policyDocument(permissions, PARTITION)));
  if (flags.for === 'learner')
    process.stderr.write(
      "Roles, policies, profiles and log groups only under the names of the lab's instructions. Whoever may write policies and roles can give themselves more: give this in an account of the learner's own.\n",
    );
}
