/** Lab + Session + Result -> the write-up as Markdown. Pure: asks nobody, writes nothing. */
import { Liquid, LiquidError } from 'liquidjs';
import { inline } from '../lib/markdown.ts';
import {
  answer,
  evidence,
  firstEvidence,
  headOf,
  kindsOf,
  overview,
  reply,
  resource,
  resources,
  verdicts,
} from './blocks.ts';
import { ReportError } from './error.ts';
import { checkView, questionView, type ReportInput } from './view.ts';

/** For a lab without a template of its own: its steps, its questions, and all evidence. */
const GENERIC = `{{ lab.summary }}

{{ lab | overview }}

{{ lab | resources }}
{%- for step in lab.steps %}

## {{ step.title }}

{{ step.goal }}

{{ step.id | verdicts }}
{%- for question in step.questions %}

{{ question.id | answer }}
{%- endfor -%}
{%- for check in step.checks %}

{{ check.id | evidence }}
{%- endfor -%}
{%- endfor -%}
{%- if lab.questions.size > 0 %}

## About the project
{%- for question in lab.questions %}

{{ question.id | answer }}
{%- endfor -%}
{%- endif -%}
`;

/**
 * The write-up. A lab's template is Liquid; all that it puts out is escaped, and these filters fill in what is known:
 * `answer` and `reply` (of a question's id: with the question and without), `verdicts` (of a step's id), `evidence` and
 * `first_evidence` (of a check's id, of all kinds or of some: `"terminal, record"`), `resource` (of a resource's name), `resources` and `overview` (of the lab).
 * @throws ReportError where the lab's template is broken or names what the lab does not have
 */
export function renderReport(input: ReportInput): string {
  try {
    const body: unknown = engineFor(input).parseAndRenderSync(input.lab.reportTemplate ?? GENERIC, { lab: input.lab });
    return `${headOf(input)}\n\n${String(body).trim()}\n`;
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const reason = error.message.replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2)');
    throw new ReportError(input.lab.file, `The report template of lab ${input.lab.id} does not work: ${reason}`, {
      cause: error,
    });
  }
}

function engineFor(input: ReportInput): Liquid {
  const engine = new Liquid({
    // No template may read a file.
    templates: {},
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    outputEscape: (value) => inline(String(value ?? '')),
    renderLimit: 5_000,
    memoryLimit: 50_000_000,
  });
  // No template may switch the escaping off.
  engine.unregisterFilter('raw');
  const filter = (name: string, handler: (id: string, detail?: string) => string) =>
    engine.registerFilter(name, {
      raw: true,
      handler: (id: unknown, detail?: unknown) =>
        handler(String(id), detail === undefined ? undefined : String(detail)),
    });
  filter('answer', (id) => answer(questionView(input, id)));
  filter('reply', (id) => reply(questionView(input, id)));
  filter('verdicts', (id) => verdicts(input, id));
  filter('evidence', (id, kind) => evidence(checkView(input, id), kindsOf(kind)));
  filter('first_evidence', (id, kind) => firstEvidence(checkView(input, id), kindsOf(kind)));
  filter('resource', (name) => resource(input, name));
  filter('resources', () => resources(input));
  filter('overview', () => overview(input));
  return engine;
}
