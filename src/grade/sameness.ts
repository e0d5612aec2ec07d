/**
 * What two learners' accounts have in common though it should be each one's own. Facts for a person to judge: a team, a
 * shared demonstration or a mistake in the roster explain them as well as copying does. No points follow.
 */
import { code, inline } from '../lib/markdown.ts';
import { counted, line } from '../lib/words.ts';
import type { Result } from '../run/result.ts';
import type { ClassInfo, Row } from './grade.ts';

/** What the same two or more learners share. */
export interface Same {
  /** Their ids, in the order of the rows. */
  readonly learners: readonly string[];
  readonly accounts: readonly string[];
  /** Snapshot files named for more than one of them. */
  readonly snapshots: readonly string[];
  /** Ids that AWS gives only once. */
  readonly resources: readonly string[];
  /** Round-trip times of pings, in milliseconds: no two pings take the same times to the last digit. */
  readonly pings: readonly string[];
}

/** The sandbox's account, and the one of AWS's own examples: nobody's in particular. */
const NOBODYS_ACCOUNT = '123456789012';
/**
 * An id that AWS gives once, of anything that a network has. All that was made since June 2018 has 17 digits (EC2 User
 * Guide, "Resource IDs"). Names (of log groups, of roles) may well be the same in two accounts.
 */
const RESOURCE_ID = /^(vpc|subnet|rtb|igw|nat|pcx|acl|sg|eni|i|fl)-[0-9a-f]{17}$/;
/** Fewer times than this may agree by chance in a class of thousands. */
const TELLING_TIMES = 4;
const NAMED = 3;

/**
 * Takes time in proportion to what the rows hold. The rows do not hold what pings measured: `times` gives it, by the
 * learner's id, as `pingTimes` reads it.
 */
export function sameness(
  rows: readonly Row[],
  times: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly Same[] {
  const holders = new Map<string, number[]>();
  for (const [index, row] of rows.entries()) {
    for (const trace of new Set(tracesOf(row, times.get(row.learner.id) ?? []))) {
      const others = holders.get(trace);
      if (others) others.push(index);
      else holders.set(trace, [index]);
    }
  }
  const groups = new Map<string, { learners: number[]; traces: string[] }>();
  for (const [trace, learners] of holders) {
    if (learners.length === 1) continue;
    const key = learners.join();
    const group = groups.get(key);
    if (group) group.traces.push(trace);
    else groups.set(key, { learners, traces: [trace] });
  }
  return [...groups.values()]
    .toSorted((one, other) => (one.learners[0] ?? 0) - (other.learners[0] ?? 0))
    .map(({ learners, traces }) => {
      const of = (kind: TraceKind) =>
        traces.filter((trace) => trace.startsWith(`${kind} `)).map((trace) => trace.slice(kind.length + 1));
      return {
        learners: learners.flatMap((index) => rows[index]?.learner.id ?? []),
        accounts: of('account'),
        snapshots: of('snapshot'),
        resources: of('resource'),
        pings: of('ping'),
      };
    });
}

/** The round-trip times of each ping in the result's evidence that was answered often enough to be like no other. */
export function pingTimes(result: Result): readonly string[] {
  const outputs = result.steps
    .flatMap(({ checks }) => checks)
    .flatMap(({ evidence }) => evidence.filter(({ kind }) => kind === 'terminal'))
    .map(({ content }) => Array.from(content.matchAll(/ time=(\d+(?:\.\d+)?) ms/g), ([, time]) => time ?? ''))
    .filter((measured) => measured.length >= TELLING_TIMES && new Set(measured).size > 1);
  return [...new Set(outputs.map((measured) => measured.join(' ')))];
}

/** The rows, with each fact among the remarks of the grades that it is about. */
export function withSameness(rows: readonly Row[], facts: readonly Same[]): readonly Row[] {
  const remarks = new Map<string, string[]>();
  for (const fact of facts) {
    const shared = sharedText(fact);
    for (const learner of fact.learners) {
      const remark = `Shares ${shared} with ${named(fact.learners, learner)}.`;
      remarks.set(learner, [...(remarks.get(learner) ?? []), remark]);
    }
  }
  return rows.map((row) => {
    const more = remarks.get(row.learner.id);
    if (!more || row.grade.status !== 'graded') return row;
    return { ...row, grade: { ...row.grade, remarks: [...row.grade.remarks, ...more] } };
  });
}

/** `the account 111122223333 and 12 resources (vpc-0a1, subnet-0b2, i-0c3 …)`: plain text. */
export function sharedText({ accounts, snapshots, resources, pings }: Same): string {
  const parts = [
    ...accounts.map((account) => `the account ${account}`),
    ...snapshots.map((file) => `the snapshot ${line(file)}`),
    ...(resources.length > 0
      ? [
          `${counted(resources.length, 'resource')} (${resources.slice(0, NAMED).join(', ')}${resources.length > NAMED ? ' …' : ''})`,
        ]
      : []),
    ...(pings.length > 0 ? [`the round-trip times of ${counted(pings.length, 'ping')}`] : []),
  ];
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `sameness.md`: all facts, for the instructor. */
export function samenessMarkdown(info: ClassInfo, facts: readonly Same[]): string {
  const head = `# ${inline(info.lab.title)}: what accounts have in common`;
  if (facts.length === 0) return `${head}\n\nNothing: no account, snapshot, resource or ping turns up twice.\n`;
  const sections = facts.map((fact) => {
    const items = [
      ...fact.accounts.map((account) => `- The account ${code(account)}`),
      ...fact.snapshots.map((file) => `- The snapshot ${inline(file)}`),
      ...fact.resources.map((id) => `- The resource ${code(id)}`),
      ...fact.pings.map((times) => `- A ping that took ${code(times)} ms`),
    ];
    return `## ${counted(fact.learners.length, 'learner')}\n\n${fact.learners.map(code).join(', ')}\n\n${items.join('\n')}`;
  });
  const about =
    'These are facts for you to judge, and no points follow from them. Work in a team, a shared account or a mistake in the roster explain them as well as copying does.';
  return `${[head, about, ...sections].join('\n\n')}\n`;
}

type TraceKind = 'account' | 'snapshot' | 'resource' | 'ping';

function tracesOf({ learner, grade }: Row, times: readonly string[]): readonly string[] {
  const trace = (kind: TraceKind, value: string) => `${kind} ${value}`;
  const account = grade.status === 'graded' && grade.cloud ? grade.cloud.account : learner.account;
  const resources = grade.status === 'graded' ? Object.values(grade.resources) : [];
  return [
    ...(account && account !== NOBODYS_ACCOUNT ? [trace('account', account)] : []),
    ...(learner.entry.kind === 'snapshot' ? [trace('snapshot', learner.entry.file)] : []),
    ...resources.flatMap((id) => (id && RESOURCE_ID.test(id) ? [trace('resource', id)] : [])),
    ...times.map((measured) => trace('ping', measured)),
  ];
}

function named(learners: readonly string[], but: string): string {
  // Not all of them: in a class of thousands with one account, each remark would name thousands.
  const others = learners.slice(0, NAMED + 1).filter((learner) => learner !== but);
  const first = others.slice(0, NAMED).map(line);
  const rest = learners.length - 1 - first.length;
  return rest > 0
    ? `${first.join(', ')} and ${counted(rest, 'other')}`
    : first.length < 2
      ? first.join('')
      : `${first.slice(0, -1).join(', ')} and ${first.at(-1)}`;
}
