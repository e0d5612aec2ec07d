/** An account as it was read at one moment: a file that can be verified later, elsewhere, and without credentials. */
import type { CloudIdentity } from '../check.ts';
import type { Answers, Question, QuestionKind, Reading, SliceName, Slices } from '../model/account.ts';
import { slicePermissions } from './permissions.ts';

export const SNAPSHOT_SCHEMA = 'labproof/snapshot/v1';

export type SnapshotAnswer = readonly [question: Question, reading: Reading<Answers[QuestionKind]>];

export interface Snapshot {
  readonly schema: typeof SNAPSHOT_SCHEMA;
  /** The cloud's own clock, ISO 8601. */
  readonly takenAt: string;
  /** Where it was taken. */
  readonly cloud: Omit<CloudIdentity, 'kind'> & { readonly kind: 'aws' | 'sandbox' };
  /** What is missing here was not asked for. */
  readonly slices: { readonly [N in SliceName]?: Reading<Slices[N]> };
  readonly answers: readonly SnapshotAnswer[];
}

// The keys of a complete record are all names that there are.
export const SLICE_NAMES = Object.keys(slicePermissions) as readonly SliceName[];

/** `the log streams of group g`: what a question asks for, for people. */
export function questionText(question: Question): string {
  switch (question.kind) {
    case 'role':
      return `the role ${question.arn}`;
    case 'ping':
      return `a ping from ${question.instanceId} to ${question.address}`;
    case 'pings':
      return `the pings of Run Command's history on ${question.instanceId}`;
    case 'logStreams':
      return `the log streams of ${question.logGroup}`;
    case 'logEvents':
      return `the events of ${question.logGroup} with ${question.anyOf.join(' or ')}`;
    case 'queries':
      return `the Logs Insights queries of ${question.logGroup}`;
    case 'elsewhere':
      return `the ${question.what} of other Regions`;
  }
}
