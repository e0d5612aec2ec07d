/** What grading comes to for one learner, and for the class. Plain data: every output is a function of it. */
import type { Verdict } from '../check.ts';
import type { Points, Result } from '../run/result.ts';
import type { Learner } from './learner.ts';

/** One check as the gradebook counts it. */
export interface CheckGrade {
  readonly id: string;
  readonly verdict: Verdict;
  /** By the rubric. */
  readonly points: Points;
  /** Learners are told only how many such checks there are. */
  readonly hidden: boolean;
  /** Codes of its findings. */
  readonly codes: readonly string[];
}

/** What somebody decided by hand. */
export interface Override {
  readonly learner: string;
  /** Of this check, or of the whole where absent. */
  readonly check?: string;
  readonly points: number;
  readonly reason: string;
}

export interface Late {
  /** ISO 8601: when the newest of the learner's resources was made. */
  readonly finishedAt: string;
  /** Begun days after the due time. */
  readonly days: number;
  /** Points taken off. */
  readonly points: number;
}

interface Common {
  readonly learner: string;
  /** ISO 8601: when everything about it could be told for the first time. Stays when it is graded again. */
  readonly submittedAt: string;
  /** ISO 8601: when the account was looked at. */
  readonly gradedAt: string;
}

/** A grade that stands. */
export interface Graded extends Common {
  readonly status: 'graded';
  /** Absent where the account stayed shut, and the whole was decided by hand. */
  readonly cloud?: Result['cloud'];
  /** The lab's resources in this account, for telling whether two learners share them. */
  readonly resources: Result['resources'];
  readonly checks: readonly CheckGrade[];
  /** After lateness and overrides. */
  readonly points: Points;
  /** 0 to 100, two decimals. */
  readonly percent: number;
  readonly passed: boolean;
  readonly late?: Late;
  readonly overrides: readonly Override[];
  /** What a person should look at; no points follow from it. */
  readonly remarks: readonly string[];
}

/** Could not be told: not a zero. */
export interface Ungraded extends Common {
  readonly status: 'unknown';
  /** `UPPER_SNAKE`. */
  readonly code: string;
  readonly reason: string;
  /** What could be told all the same; absent where nothing could. */
  readonly checks?: readonly CheckGrade[];
}

export type Grade = Graded | Ungraded;

/** A check of the lab as the columns of a gradebook name it, in the lab's order. */
export interface Column {
  readonly check: string;
  readonly title: string;
  readonly step: string;
  readonly stepTitle: string;
  readonly possible: number;
  readonly hidden: boolean;
}

export interface ClassInfo {
  readonly lab: Result['lab'] & { readonly title: string };
  readonly columns: readonly Column[];
  readonly possible: number;
  /** 0 to 100. */
  readonly passMark: number;
}

/** One learner's line of the books. */
export interface Row {
  readonly learner: Learner;
  readonly grade: Grade;
}
