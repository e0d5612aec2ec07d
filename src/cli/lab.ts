/** `labproof lab list | show`. */
import { listLabs } from '../lab/list.ts';
import { jsonText } from '../lib/json.ts';
import { labsDir } from '../lib/root.ts';
import { safe } from '../lib/terminal-text.ts';
import { openLab } from './labs.ts';

export async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const labs = [];
  for (const id of await listLabs(labsDir())) {
    const { lab } = await openLab(id);
    labs.push({
      id: lab.id,
      version: lab.version,
      title: lab.title,
      minutes: lab.minutes,
      steps: lab.steps.length,
      points: pointsOf(lab.steps),
    });
  }
  if (json) process.stdout.write(jsonText(labs));
  else
    for (const { id, title, minutes, steps, points } of labs)
      process.stdout.write(safe(`${id}  ${title}  (${steps} steps, about ${minutes} minutes, ${points} points)\n`));
}

export async function show(named: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  const { lab, checks } = await openLab(named);
  const registry = await checks();
  if (json) {
    const { reportTemplate: _template, ...data } = lab;
    process.stdout.write(jsonText(data));
    return;
  }
  const lines = [
    `${lab.title} (${lab.id} ${lab.version})`,
    '',
    lab.summary.trim(),
    '',
    `About ${lab.minutes} minutes. ${lab.cost.trim()}`,
  ];
  for (const [index, step] of lab.steps.entries()) {
    lines.push('', `${index + 1}. ${step.title} (${step.id})`, `   ${step.goal.trim()}`);
    for (const { use, title, points } of step.checks)
      lines.push(`   - ${title ?? registry[use]?.title ?? use} (${points} points)`);
  }
  process.stdout.write(`${safe(lines.join('\n'))}\n`);
}

function pointsOf(steps: readonly { readonly checks: readonly { readonly points: number }[] }[]): number {
  return steps.flatMap(({ checks }) => checks).reduce((total, { points }) => total + points, 0);
}
