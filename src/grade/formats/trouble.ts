/** Why an account could not be told, as its learner hears it: what is theirs to mend, and nothing of what is not. Markdown. */
import { code, inline } from '../../lib/markdown.ts';
import type { EngineCode } from '../../run/codes.ts';
import type { Ungraded } from '../grade.ts';
import type { Learner } from '../learner.ts';

type Reason = Pick<Ungraded, 'code' | 'reason'>;
type Advice = (learner: Learner, reason: Reason) => readonly string[];

const enterRole: Advice = ({ entry }, { code: name }) => [
  `Why: the role of your account by which it is graded${entry.kind === 'role' ? `, ${code(entry.roleArn)},` : ''} could not be assumed (${code(name)}).`,
  'What to do: open this role in the IAM console of your account, and compare, letter by letter,',
  [
    '- its ARN with the one above: it has to be there, under this very name;',
    '- the `Principal` of its trust policy with the account that your instructor named (the parameter `TrustedPrincipal`, if you made the role by a stack of CloudFormation);',
    '- `sts:ExternalId` in the condition of its trust policy with the text that your instructor gave to you (the parameter `ExternalId`).',
  ].join('\n'),
  'Mend what differs and tell your instructor, also if nothing does.',
];

const badSnapshot: Advice = (_, reason) => [
  why(reason),
  'What to do: take a new one with `labproof snapshot`, leave the file as it was written, and hand it in.',
];

const sandboxSnapshot: Advice = (_, reason) => [
  why(reason),
  'What to do: take one of the AWS account in which you did the lab, with `labproof snapshot`, and hand it in.',
];

const otherAccount: Advice = (_, reason) => [
  why(reason),
  'What to do: tell your instructor in which of the two accounts you did the lab. If it is the first, hand in what leads there.',
];

/** Every code of an account that nobody could look at for which its learner can do something: any other is the instructor's. */
const THEIRS: ReadonlyMap<string, Advice> = new Map([
  ['ENTRY_DENIED', enterRole],
  ['BAD_SNAPSHOT', badSnapshot],
  ['SANDBOX_SNAPSHOT', sandboxSnapshot],
  ['OTHER_ACCOUNT', otherAccount],
]);

/** What keeps a check from being told, and is not in the learner's account. */
const NOT_THEIRS: readonly string[] = [
  'THROTTLED',
  'UNREACHABLE',
  'CREDENTIALS',
  'TIMEOUT',
  'READ_ERROR',
  'CHECK_ERROR',
] satisfies readonly EngineCode[];

/** Paragraphs: why nothing at all could be told, and what to do. */
export function nothingTold(learner: Learner, reason: Reason): readonly string[] {
  return (
    THEIRS.get(reason.code)?.(learner, reason) ?? [
      'Why: your account could not be looked at, for a reason that is not yours. There is nothing for you to do: your instructor tries again, and no points were taken.',
    ]
  );
}

/** A sentence with the reason. */
export function why({ code: name, reason }: Reason): string {
  return `Why: ${inline(reason)} (${code(name)})`;
}

/** Whether a finding, or the reason that follows from it, tells of the instructor's machine, of AWS or of labproof itself. */
export function isTheirs(name: string): boolean {
  return !NOT_THEIRS.includes(name);
}
