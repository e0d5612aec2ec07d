/** A parameter's versions and their labels. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { ParameterVersionState } from '../../world.ts';
import { metadataOf, ownParameter, shownValue, versionNotFound } from './parameter.ts';
import { bounded, invalidToken, required } from './refusal.ts';

const MOST_LABELS = 10;

const GetParameterHistory: Operation<Ssm.GetParameterHistoryRequest, Ssm.GetParameterHistoryResult> = (
  request,
  input,
) => {
  const parameter = ownParameter(request, required(input.Name, 'name'));
  const size = bounded(input.MaxResults, 'maxResults', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(parameter.versions, size, input.NextToken, invalidToken());
  return {
    Parameters: items.map((version) => ({
      ...metadataOf(parameter, version),
      Value: shownValue(version, input.WithDecryption),
      Labels: version.labels,
    })),
    NextToken: nextToken,
  };
};

const LabelParameterVersion: Operation<Ssm.LabelParameterVersionRequest, Ssm.LabelParameterVersionResult> = (
  request,
  input,
) => {
  const { versions, chosen } = versionsOf(request, input);
  const labels = requireLabels(input.Labels);
  const valid = labels.filter(isLabel);
  const all = new Set([...chosen.labels, ...valid]);
  if (all.size > MOST_LABELS)
    throw new AwsError(
      'ParameterVersionLabelLimitExceeded',
      `A parameter version can have maximum ${MOST_LABELS} labels.Move one or more labels to another version and try again.`,
    );
  // A label is on one version at a time.
  for (const version of versions) version.labels = version.labels.filter((label) => !valid.includes(label));
  chosen.labels = [...all];
  return { InvalidLabels: labels.filter((label) => !isLabel(label)), ParameterVersion: chosen.version };
};

const UnlabelParameterVersion: Operation<Ssm.UnlabelParameterVersionRequest, Ssm.UnlabelParameterVersionResult> = (
  request,
  input,
) => {
  const { chosen } = versionsOf(request, input);
  const labels = requireLabels(input.Labels);
  const removed = labels.filter((label) => chosen.labels.includes(label));
  chosen.labels = chosen.labels.filter((label) => !removed.includes(label));
  return { RemovedLabels: removed, InvalidLabels: labels.filter((label) => !removed.includes(label)) };
};

function versionsOf(
  request: Request,
  { Name, ParameterVersion }: { readonly Name?: string | undefined; readonly ParameterVersion?: number | undefined },
): { readonly versions: readonly ParameterVersionState[]; readonly chosen: ParameterVersionState } {
  const { name, versions } = ownParameter(request, required(Name, 'name'));
  const chosen =
    ParameterVersion === undefined ? versions.at(-1) : versions.find(({ version }) => version === ParameterVersion);
  if (!chosen) throw versionNotFound(ParameterVersion ?? '', name);
  return { versions, chosen };
}

function requireLabels(given: readonly string[] | undefined): readonly string[] {
  const labels = required(given, 'labels');
  if (labels.some((label) => label.length < 1 || label.length > 100))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '[${labels.join(', ')}]' at 'labels' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 100, Member must have length greater than or equal to 1]`,
    );
  return labels;
}

/** Systems Manager User Guide, "Working with parameter labels". */
function isLabel(label: string): boolean {
  return /^[a-zA-Z_.-][\w.-]*$/.test(label) && !/^(aws|ssm)/i.test(label);
}

export const parameterVersionOperations: Operations = {
  GetParameterHistory,
  LabelParameterVersion,
  UnlabelParameterVersion,
};
