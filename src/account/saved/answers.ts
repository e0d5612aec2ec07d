/** Answers calls from saved outputs. What was not saved is an error that reads "not read", never an empty list. */
import { CallFailure, NOT_SAVED } from '../errors.ts';
import type { Output, SavedFolder, SavedOutput } from './folder.ts';
import { roleDetails } from './iam-details.ts';
import { commandOf, nameInFile, SAVED_OPERATIONS } from './outputs.ts';

/** Said of what no saved output tells. */
export const NO_CLOUD = 'saved outputs cannot tell this: it needs the account itself.';

type Operation = (typeof SAVED_OPERATIONS)[number]['operation'];
type Input = Readonly<Record<string, unknown>>;
type Answer = (input: Input) => Output;

/** @returns what answers a call, by its operation (`DescribeVpcs`) and input; it throws where that was not saved. */
export function answersFrom(folder: SavedFolder): (operation: string, input: Input) => Output {
  const of = (operation: Operation) => folder.outputs.filter(({ saved }) => saved.operation === operation);
  const notSaved = (operation: string, message: string) =>
    new CallFailure(actionOf(operation), Object.assign(new Error(message), { code: NOT_SAVED }));
  const noFile = (operation: Operation, suffix = '') => {
    const name = `${commandOf(operation)}${suffix && `-${suffix}`}.json`;
    return notSaved(operation, `there is no file ${name} in ${folder.dir}.`);
  };

  /** What these files hold together. @throws where there is none, one is empty, or a page is missing */
  function together(operation: Operation, files: readonly SavedOutput[], suffix?: string): Output {
    const [first] = files;
    if (!first) throw noFile(operation, suffix);
    const empty = files.find(({ output }) => output === undefined);
    if (empty) throw notSaved(operation, `${empty.file} is empty: the command that was to write it has failed.`);
    if (files.every(({ goesOn }) => goesOn))
      throw notSaved(operation, `${first.file} is one page of several. Save it without --max-items and --no-paginate.`);
    const { holds } = first.saved;
    const list = files.map(({ output }) => output?.[holds]);
    if (!list.every(Array.isArray)) return first.output ?? {};
    return { [holds]: files.length > 1 ? distinct(list.flat()) : list[0] };
  }

  const all =
    (operation: Operation): Answer =>
    () =>
      together(operation, of(operation));

  /** The one output that says itself what it is of. */
  const saying = (operation: Operation, says: (output: Output) => boolean) =>
    of(operation).find(({ output }) => output && says(output));

  const roleFile = (name: unknown) => saying('GetRole', ({ Role }) => Object(Role).RoleName === name);
  const policyFile = (arn: unknown) => saying('GetPolicy', ({ Policy }) => Object(Policy).Arn === arn);
  const details = roleDetails(of('GetAccountAuthorizationDetails'));

  function role({ RoleName }: Input): Output {
    const found = roleFile(RoleName)?.output ?? details.role(RoleName);
    if (found) return found;
    const listed = of('ListRoles').length > 0 ? together('ListRoles', of('ListRoles')).Roles : undefined;
    // Of a role that the whole list does not have, it is known that it is not there.
    if (Array.isArray(listed) && !listed.some((each) => Object(each).RoleName === RoleName))
      throw new CallFailure(
        actionOf('GetRole'),
        Object.assign(new Error(`There is no role ${RoleName}.`), { code: 'NoSuchEntity' }),
      );
    throw noFile('GetRole', String(RoleName));
  }

  /** Does not say whose it is: it has the end of the name of `get-role…`, or the role's own name. */
  const ofRole =
    (operation: 'ListAttachedRolePolicies' | 'ListRolePolicies'): Answer =>
    ({ RoleName }) => {
      const known = details[operation](RoleName);
      if (known) return known;
      const suffixes = [nameInFile(String(RoleName)), roleFile(RoleName)?.suffix];
      const files = of(operation).filter(({ suffix }) => suffixes.includes(suffix));
      return together(operation, files, nameInFile(String(RoleName)));
    };

  /** Does not say of which policy: the end of its name does. */
  function policyVersion({ PolicyArn, VersionId }: Input): Output {
    const detailed = details.policyVersion(PolicyArn, VersionId);
    if (detailed) return detailed;
    const name = policyName(PolicyArn);
    const suffixes = [name, policyFile(PolicyArn)?.suffix];
    const files = of('GetPolicyVersion').filter(({ suffix }) => suffixes.includes(suffix));
    const found = files.find(({ output }) => Object(output?.PolicyVersion).VersionId === VersionId);
    if (!found?.output) throw noFile('GetPolicyVersion', name);
    return found.output;
  }

  /** The only group that flow logs deliver to, else the only one that there is. */
  function onlyGroup(): unknown {
    const named = (operation: Operation, member: string, key: string) => {
      const items = of(operation).flatMap(({ output }) => (output?.[member] ?? []) as readonly Output[]);
      return [...new Set(items.flatMap((item) => item[key] ?? []))];
    };
    const delivered = named('DescribeFlowLogs', 'FlowLogs', 'LogGroupName');
    const groups = delivered.length > 0 ? delivered : named('DescribeLogGroups', 'logGroups', 'logGroupName');
    return groups.length === 1 ? groups[0] : undefined;
  }

  const ofGroup =
    (operation: 'DescribeLogStreams' | 'FilterLogEvents' | 'DescribeQueries'): Answer =>
    ({ logGroupName }) => {
      const name = nameInFile(String(logGroupName));
      const own = of(operation).filter(({ suffix }) => suffix === name);
      const unnamed = of(operation).filter(({ suffix }) => suffix === '' && onlyGroup() === logGroupName);
      return together(operation, own.length > 0 ? own : unnamed, name);
    };

  function logStreams(input: Input): Output {
    const { logStreams: found } = ofGroup('DescribeLogStreams')(input);
    const group = `:log-group:${input.logGroupName}:`;
    const streams = found as readonly { readonly arn?: string }[];
    if (streams.some(({ arn }) => arn !== undefined && !arn.includes(group)))
      throw notSaved('DescribeLogStreams', `describe-log-streams.json is of another group than ${input.logGroupName}.`);
    return { logStreams: streams };
  }

  function queries(input: Input): Output {
    const { queries: found } = ofGroup('DescribeQueries')(input);
    return { queries: (found as readonly Output[]).filter(({ logGroupName }) => logGroupName === input.logGroupName) };
  }

  function queryResults({ queryId }: Input): Output {
    const complete = of('DescribeQueries')
      .flatMap(({ output }) => (output?.queries ?? []) as readonly Output[])
      .filter(({ status }) => status === 'Complete');
    const suffixes = [queryId, ...(complete.length === 1 ? [''] : [])];
    const file = of('GetQueryResults').find(({ suffix }) => suffixes.includes(suffix));
    const output = together('GetQueryResults', file ? [file] : [], String(queryId));
    if (file?.output?.status !== undefined && file.output.status !== 'Complete')
      throw notSaved('GetQueryResults', `${file.file} was saved before the query had ended.`);
    return output;
  }

  /** A file whose name has no instance may have been asked for another one only: it tells of those that it names. */
  function invocations({ InstanceId }: Input): Output {
    const operation = 'ListCommandInvocations';
    const own = of(operation).filter(({ suffix }) => suffix === InstanceId);
    const files = own.length > 0 ? own : of(operation).filter(({ suffix }) => !suffix.startsWith('i-'));
    const found = together(operation, files, String(InstanceId)).CommandInvocations as readonly Output[];
    const ours = found.filter((each) => each.InstanceId === InstanceId);
    if (ours.some(({ CommandPlugins }) => !Array.isArray(CommandPlugins) || CommandPlugins.length === 0))
      throw notSaved(operation, `${files[0]?.file} has no outputs of commands. Save it with --details.`);
    if (ours.length === 0 && own.length === 0) throw noFile(operation, String(InstanceId));
    return { CommandInvocations: ours };
  }

  function prefixListEntries({ PrefixListId }: Input): Output {
    const lists = (all('DescribeManagedPrefixLists')({}).PrefixLists as readonly Output[]).filter(
      ({ OwnerId }) => OwnerId !== 'AWS',
    );
    const suffixes = [PrefixListId, ...(lists.length === 1 ? [''] : [])];
    const files = of('GetManagedPrefixListEntries').filter(({ suffix }) => suffixes.includes(suffix));
    return together('GetManagedPrefixListEntries', files, String(PrefixListId));
  }

  const byInput: Readonly<Record<string, Answer>> = {
    GetRole: role,
    ListAttachedRolePolicies: ofRole('ListAttachedRolePolicies'),
    ListRolePolicies: ofRole('ListRolePolicies'),
    GetRolePolicy({ RoleName, PolicyName }) {
      const found =
        details.rolePolicy(RoleName, PolicyName) ??
        saying('GetRolePolicy', (output) => output.RoleName === RoleName && output.PolicyName === PolicyName)?.output;
      if (!found) throw noFile('GetRolePolicy', nameInFile(String(PolicyName)));
      return found;
    },
    GetPolicy({ PolicyArn }) {
      const found = details.policy(PolicyArn) ?? policyFile(PolicyArn)?.output;
      if (!found) throw noFile('GetPolicy', policyName(PolicyArn));
      return found;
    },
    GetPolicyVersion: policyVersion,
    DescribeLogStreams: logStreams,
    FilterLogEvents: ofGroup('FilterLogEvents'),
    DescribeQueries: queries,
    GetQueryResults: queryResults,
    ListCommandInvocations: invocations,
    GetManagedPrefixListEntries: prefixListEntries,
  };

  return (operation, input) => {
    const answer = Object.hasOwn(byInput, operation) ? byInput[operation] : undefined;
    if (answer) return answer(input);
    const known = SAVED_OPERATIONS.find((each) => each.operation === operation);
    if (!known) throw notSaved(operation, NO_CLOUD);
    return all(known.operation)(input);
  };
}

function actionOf(operation: string): string {
  const service = SAVED_OPERATIONS.find((each) => each.operation === operation)?.service ?? 'ssm';
  return `${service}:${operation}`;
}

function policyName(arn: unknown): string {
  return nameInFile(String(arn).split('/').at(-1) ?? '');
}

/** A page may have been saved twice. */
function distinct(items: readonly unknown[]): readonly unknown[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
