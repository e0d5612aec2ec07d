/** A step's reference solution as AWS CLI commands: a bash text that a learner can read, paste and run. */
import type { SolutionCall, Step } from '../lab/schema.ts';
import { isWait, type Trial } from '../lab/trials.ts';
import { splitAtReferences } from './substitute.ts';

/** @returns bash lines; values of earlier calls stand in shell variables named like the lab's resources. */
export function solutionCommands({ solution }: Pick<Step, 'solution'>): string {
  return solution.map(linesOf).join('\n\n');
}

function linesOf(call: SolutionCall): string {
  return `# ${oneLine(call.why)}\n${commandOf(call)}`;
}

/** A whole script: what the steps' variables need first, then each step under its title, then the trial. */
export function solutionScript(steps: readonly Step[], trial?: Pick<Trial, 'title' | 'calls'>): string {
  const head = [
    'set -eu',
    'account=$(aws sts get-caller-identity --query Account --output text)',
    'region=$(aws ec2 describe-availability-zones --query "AvailabilityZones[0].RegionName" --output text)',
    'partition=aws',
    'start=$(( $(date +%s) - 7200 ))',
    'end=$(( $(date +%s) + 86400 ))',
  ].join('\n');
  const parts = steps.map((step) => `### ${oneLine(step.title)}\n\n${solutionCommands(step)}`);
  const mistake = trial?.calls.map((call) => (isWait(call) ? `sleep ${call.wait}` : linesOf(call))) ?? [];
  if (trial && mistake.length > 0) parts.push([`### ${oneLine(trial.title)}`, ...mistake].join('\n\n'));
  return [head, ...parts].join('\n\n');
}

function commandOf(call: SolutionCall): string {
  const words = wordsOf(call);
  const saved = Object.entries(call.save ?? {});
  if (call.until) {
    const loop =
      'is' in call.until
        ? `until [ "$(${one(words, call.until.path)})" = ${quote(call.until.is)} ]; do sleep 5; done`
        : `until [ "$(${one(words, call.until.path)})" != None ] && [ -n "$(${one(words, call.until.path)})" ]; do sleep 5; done`;
    return [
      `${loop}  # usually ${oneLine(call.until.usually)}`,
      ...(saved.length > 0 ? [assign(words, saved)] : []),
    ].join('\n');
  }
  if (saved.length > 0) return assign(words, saved);
  return call.ignore ? `${words} || true  # it may be there already` : words;
}

function one(words: string, path: string): string {
  return `${words} --query ${quote(path)} --output text 2>/dev/null`;
}

function assign(words: string, saved: readonly [string, string][]): string {
  const [first, ...more] = saved;
  if (!first) return words;
  if (more.length === 0) return `${first[0]}=$(${words} --query ${quote(first[1])} --output text)`;
  const paths = saved.map(([, path]) => path).join(',');
  return `read -r ${saved.map(([name]) => name).join(' ')} <<< "$(${words} --query ${quote(`[${paths}]`)} --output text)"`;
}

function wordsOf({ call, input }: SolutionCall): string {
  const [service = '', operation = ''] = call.split(':');
  const options = Object.entries(input)
    .filter(([name]) => !(operation === 'RunInstances' && name === 'MinCount'))
    .map(([name, value]) => optionOf(operation === 'RunInstances' && name === 'MaxCount' ? 'Count' : name, value));
  return ['aws', service, kebab(operation), ...options].join(' ');
}

function optionOf(name: string, value: unknown): string {
  const flag = kebab(name);
  if (typeof value === 'boolean') return value ? `--${flag}` : `--no-${flag}`;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number'))
    return `--${flag} ${value.map((item) => quote(String(item))).join(' ')}`;
  return `--${flag} ${quote(typeof value === 'string' ? value : JSON.stringify(value))}`;
}

/** As the AWS CLI names operations and options: `CreateVpc` -> `create-vpc`, `VpcIds` -> `vpc-ids`. */
function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** One shell word: plain where it can be, else single-quoted with the references outside as `"$name"`. */
function quote(text: string): string {
  if (/^[A-Za-z0-9_./:@%+=,-]+$/.test(text)) return text;
  const parts = splitAtReferences(text).map((part) =>
    'reference' in part ? `"$${part.reference}"` : `'${part.literal.replaceAll("'", `'\\''`)}'`,
  );
  return parts.join('') || "''";
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
