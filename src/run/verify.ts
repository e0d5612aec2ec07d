/** Lab x account -> Result: read, bind, ask, judge, score. Nobody after this asks AWS anything. */
import type { AccountReader } from '../account/reader.ts';
import type { Check, CloudIdentity, Finding, Judgement, Verdict } from '../check.ts';
import type { Registry } from '../lab/checks.ts';
import type { CheckUse, Lab } from '../lab/schema.ts';
import { messageOf } from '../lib/message.ts';
import { rounded, sumOf } from '../lib/points.ts';
import type { Question, Reading, SliceName, Slices, Unread } from '../model/account.ts';
import { BINDING_SLICES, type Bindings, bind, doubtsOf, SLICES_OF_KIND } from './bind.ts';
import type { EngineCode } from './codes.ts';
import { contextOf, UnreadAnswer, unreadFinding } from './context.ts';
import type { CheckResult, Result, StepResult } from './result.ts';

export type Readings = Partial<{ [N in SliceName]: Reading<Slices[N]> }>;

/** The cloud could not be reached, or does not know us: nothing can be told at all. */
export class CloudUnavailable extends Error {
  readonly unread: Unread;
  constructor(unread: Unread) {
    super(unread.message);
    this.name = 'CloudUnavailable';
    this.unread = unread;
  }
}

export interface Verification {
  readonly lab: Lab;
  readonly checks: Registry;
  readonly reader: AccountReader;
  /** Only these steps, with what their checks depend on. All where absent. */
  readonly steps?: readonly string[];
  readonly say?: (detail: string) => void;
  /** Our own clock, for the durations; epoch milliseconds. */
  readonly clock: () => number;
}

/** Runs the checks once. @throws CloudUnavailable where not even our identity could be read. */
export async function verify({ lab, checks, reader, steps, say = () => {}, clock }: Verification): Promise<Result> {
  const startedAt = clock();
  const uses = wanted(lab, steps);
  say('reading the account');
  const { readings, identity } = await readAll(uses, checks, reader);
  const bindings = await bindAll(lab, readings, reader);
  const doubts = doubtsOf(lab.resources, filled(readings), unreadIn(readings));

  say('asking for proof');
  const judged = await judgeAll(uses, { checks, readings, bindings, doubts, identity, reader, clock });
  const stepResults = lab.steps
    .filter(({ id }) => !steps || steps.includes(id))
    .map((step): StepResult => {
      const results = step.checks.flatMap(({ id }) => judged.get(id) ?? []);
      return {
        id: step.id,
        title: step.title,
        verdict: worst(results.map(({ verdict }) => verdict)),
        points: sumOf(results),
        checks: results,
      };
    });
  return {
    schema: 'labproof/result/v1',
    lab: { id: lab.id, version: lab.version, digest: lab.digest },
    cloud: { kind: identity.kind, account: identity.account, region: identity.region },
    verdict: worst(stepResults.map(({ verdict }) => verdict)),
    points: sumOf(stepResults),
    resources: Object.fromEntries(Object.values(bindings).map(({ name, id }) => [name, id])),
    steps: stepResults,
    calls: reader.calls(),
    startedAt: new Date(startedAt).toISOString(),
    durationMs: clock() - startedAt,
  };
}

/** The checks of the steps, and those that they depend on, in the lab's order (a check only depends on earlier ones). */
function wanted(lab: Lab, steps: readonly string[] | undefined): readonly CheckUse[] {
  const all = lab.steps.flatMap(({ checks }) => checks);
  if (!steps) return all;
  const ids = new Set(
    lab.steps.filter(({ id }) => steps.includes(id)).flatMap(({ checks }) => checks.map(({ id }) => id)),
  );
  for (const use of all.toReversed()) if (ids.has(use.id)) for (const id of use.after) ids.add(id);
  return all.filter(({ id }) => ids.has(id));
}

async function readAll(uses: readonly CheckUse[], checks: Registry, reader: AccountReader) {
  const names = new Set<SliceName>(BINDING_SLICES);
  for (const { use } of uses)
    for (const name of [...(checks[use]?.needs ?? []), ...(checks[use]?.uses ?? [])]) names.add(name);

  const reading = Promise.all([...names].map(async (name) => [name, await reader.read(name)] as const));
  const identity = await reader.identity();
  if (!identity.ok) throw new CloudUnavailable(identity.unread);
  const readings: Readings = Object.fromEntries(await reading);

  return { readings, identity: identity.value };
}

/** Listing all roles is only worth a call where no flow log of the lab tells its role. */
export async function bindAll({ resources }: Lab, readings: Readings, reader: AccountReader): Promise<Bindings> {
  const bindings = bind(resources, filled(readings));
  if (!Object.values(bindings).some(({ kind, id }) => kind === 'role' && id === null)) return bindings;
  readings.roles = await reader.read('roles');
  return bind(resources, filled(readings));
}

/** For binding only: what could not be read is taken as empty there; checks are told the difference. */
export function filled(readings: Readings): Slices {
  const of = <N extends SliceName>(name: N): Slices[N] | undefined => {
    const reading = readings[name] as Reading<Slices[N]> | undefined;
    return reading?.ok ? reading.value : undefined;
  };
  return {
    vpcs: of('vpcs') ?? [],
    subnets: of('subnets') ?? [],
    routeTables: of('routeTables') ?? [],
    internetGateways: of('internetGateways') ?? [],
    natGateways: of('natGateways') ?? [],
    prefixLists: of('prefixLists') ?? [],
    networkAcls: of('networkAcls') ?? [],
    securityGroups: of('securityGroups') ?? [],
    networkInterfaces: of('networkInterfaces') ?? [],
    instances: of('instances') ?? [],
    peeringConnections: of('peeringConnections') ?? [],
    flowLogs: of('flowLogs') ?? [],
    logGroups: of('logGroups') ?? [],
    roles: of('roles') ?? [],
    managedInstances: of('managedInstances') ?? [],
  };
}

interface Judging {
  readonly checks: Registry;
  readonly readings: Readings;
  readonly bindings: Bindings;
  readonly doubts: ReturnType<typeof doubtsOf>;
  readonly identity: CloudIdentity;
  readonly reader: AccountReader;
  readonly clock: () => number;
}

const ROUNDS = 4;

async function judgeAll(uses: readonly CheckUse[], judging: Judging): Promise<ReadonlyMap<string, CheckResult>> {
  const answers = new Map<string, Reading<unknown>>();
  const ask = async (among: readonly CheckUse[], active: boolean): Promise<boolean> => {
    const questions = among
      .flatMap((use) => questionsOf(use, judging, answers))
      .filter((question) => isActive(question) === active && !answers.has(JSON.stringify(question)));
    const fresh = [...new Map(questions.map((question) => [JSON.stringify(question), question]))];
    await Promise.all(fresh.map(async ([key, question]) => answers.set(key, await judging.reader.ask(question))));
    return fresh.length > 0;
  };

  for (let round = 0; round < ROUNDS; round += 1) if (!(await ask(uses, false))) break;
  const first = judgeEach(uses, judging, answers);
  // Packets are only sent for checks that nothing else has decided already.
  const open = uses.filter(({ id }) => first.get(id)?.verdict !== 'blocked');
  return (await ask(open, true)) ? judgeEach(uses, judging, answers) : first;
}

function isActive({ kind }: Question): boolean {
  return kind === 'ping';
}

function questionsOf(
  use: CheckUse,
  judging: Judging,
  answers: ReadonlyMap<string, Reading<unknown>>,
): readonly Question[] {
  const check = judging.checks[use.use];
  if (!check?.asks || unreadSlices(use, check, judging).length > 0) return [];
  try {
    return check.asks(contextOf(use, check, judging, answers, judging.reader.now()));
  } catch (error) {
    if (error instanceof UnreadAnswer) return [];
    throw error;
  }
}

function judgeEach(uses: readonly CheckUse[], judging: Judging, answers: ReadonlyMap<string, Reading<unknown>>) {
  const results = new Map<string, CheckResult>();
  for (const use of uses) {
    const started = judging.clock();
    const { verdict, share = 0, findings, evidence } = judgeOne(use, judging, answers, results);
    const earned = verdict === 'pass' ? use.points : verdict === 'partial' ? rounded(use.points * share) : 0;
    results.set(use.id, {
      id: use.id,
      use: use.use,
      title: titleOf(use, judging.checks),
      verdict,
      points: { earned, possible: use.points },
      durationMs: judging.clock() - started,
      findings,
      evidence,
    });
  }
  return results;
}

type Judged = Omit<Judgement, 'verdict'> & { readonly verdict: Verdict };

function judgeOne(
  use: CheckUse,
  judging: Judging,
  answers: ReadonlyMap<string, Reading<unknown>>,
  results: ReadonlyMap<string, CheckResult>,
): Judged {
  const check = judging.checks[use.use];
  if (!check) throw new Error(`Lab check ${use.id} uses ${use.use}, which is not there.`);
  const held = heldUp(use, results);
  if (held) return held;
  const unread = unreadSlices(use, check, judging);
  if (unread.length > 0) return { verdict: 'unknown', findings: unread.map(unreadFinding), evidence: [] };
  try {
    return check.judge(contextOf(use, check, judging, answers, judging.reader.now()));
  } catch (error) {
    if (error instanceof UnreadAnswer)
      return { verdict: 'unknown', findings: [unreadFinding(error.unread)], evidence: [] };
    return { verdict: 'unknown', findings: [ownFault(error)], evidence: [] };
  }
}

/**
 * What an earlier check says of a later one. A failure blocks; ignorance and waiting are passed on as what they are, so
 * that a permission that we lack never looks like a mistake of the learner. A partial pass is enough to go on.
 */
function heldUp(use: CheckUse, results: ReadonlyMap<string, CheckResult>): Judged | undefined {
  const before = use.after
    .flatMap((id) => results.get(id) ?? [])
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'partial');
  if (before.length === 0) return undefined;
  const verdicts = before.map(({ verdict }) => verdict);
  const names = before.map(({ title }) => `"${title}"`).join(', ');
  if (verdicts.every((verdict) => verdict === 'unknown' || verdict === 'waiting'))
    return {
      verdict: verdicts.includes('unknown') ? 'unknown' : 'waiting',
      findings: [
        { code: 'DEPENDS' satisfies EngineCode, severity: 'info', message: `Depends on ${names}.`, resources: [] },
      ],
      evidence: [],
    };
  const finding: Finding = {
    code: 'BLOCKED' satisfies EngineCode,
    severity: 'info',
    message: `Comes after ${names}.`,
    resources: [],
  };
  return { verdict: 'blocked', findings: [finding], evidence: [] };
}

function unreadSlices(use: CheckUse, check: Check, { readings, bindings, doubts }: Judging): readonly Unread[] {
  const names = new Set<SliceName>(check.needs);
  for (const value of Object.values(use.with)) {
    const bound = typeof value === 'string' ? bindings[value] : undefined;
    if (!bound) continue;
    for (const name of [...SLICES_OF_KIND[bound.kind], ...(doubts.get(bound.name) ?? [])]) names.add(name);
    // Roles are only listed where no flow log tells the lab's.
    if (bound.kind === 'role' && bound.id === null) names.add('roles');
  }
  return [...names].flatMap((name) => {
    const reading = readings[name];
    return reading && !reading.ok ? [reading.unread] : [];
  });
}

function unreadIn(readings: Readings): readonly SliceName[] {
  return BINDING_SLICES.filter((name) => readings[name]?.ok === false);
}

function titleOf(use: CheckUse, checks: Registry): string {
  return use.title ?? checks[use.use]?.title ?? use.use;
}

function ownFault(error: unknown): Finding {
  return {
    code: 'CHECK_ERROR' satisfies EngineCode,
    severity: 'error',
    message: `This check itself failed (${messageOf(error)}). That is a fault of labproof, not yours.`,
    resources: [],
  };
}

const SEVERITY: readonly Verdict[] = ['fail', 'partial', 'blocked', 'unknown', 'waiting'];

/** The verdict of many: the first of this list that occurs, else a pass. */
function worst(verdicts: readonly Verdict[]): Verdict {
  return SEVERITY.find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}
