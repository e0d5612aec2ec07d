/** PutParameter: a new parameter, or a new version of one. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { principalOf } from '../../enforce/principal.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { ParameterState, ParameterVersionState } from '../../world.ts';
import { matchesWhole } from './document-values.ts';
import { DEFAULT_KEY } from './parameter.ts';
import { refuseName } from './parameter-names.ts';
import { required, violation } from './refusal.ts';
import { tagsFrom } from './tag-rules.ts';

const TYPES = ['String', 'StringList', 'SecureString'] as const;
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'];
/** Systems Manager User Guide, "Managing parameter tiers"; bytes. */
const MOST_BYTES = { Standard: 4096, Advanced: 8192 };
const MOST_VERSIONS = 100;

const PutParameter: Operation<Ssm.PutParameterRequest, Ssm.PutParameterResult> = (request, input) => {
  const name = required(input.Name, 'name');
  const value = required(input.Value, 'value');
  if (value === '') throw violation(value, 'value', 'must have length greater than or equal to 1');
  refuseName(name);
  if (input.Policies)
    throw new AwsError('InvalidPolicyTypeException', 'The sandbox has no parameter policies: leave Policies out.');
  const existing = request.region.parameters.find((parameter) => parameter.name === name);
  if (input.Overwrite && input.Tags?.length)
    throw new AwsError(
      'ValidationException',
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  if (existing && !input.Overwrite)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  const version = newVersion(request, input, value, existing);
  if (existing) {
    makeRoom(existing);
    existing.versions.push(version);
  } else request.region.parameters.push({ name, versions: [version], tags: tagsFrom(input.Tags ?? []) });
  return { Version: version.version, Tier: version.tier as Ssm.ParameterTier };
};

/** What is not said anew stays as it was. */
function newVersion(
  request: Request,
  input: Ssm.PutParameterRequest,
  value: string,
  existing: ParameterState | undefined,
): ParameterVersionState {
  const before = existing?.versions.at(-1);
  const type = typeOf(input.Type, before);
  const dataType = input.DataType ?? before?.dataType ?? 'text';
  if (!DATA_TYPES.includes(dataType))
    throw new AwsError(
      'ValidationException',
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
  const description = input.Description ?? before?.description;
  const keyId = type === 'SecureString' ? (input.KeyId ?? before?.keyId ?? DEFAULT_KEY) : undefined;
  const allowedPattern = input.AllowedPattern ?? before?.allowedPattern;
  if (allowedPattern !== undefined && !matchesWhole(allowedPattern, value))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
  return {
    version: (before?.version ?? 0) + 1,
    type,
    value,
    dataType,
    tier: tierOf(input.Tier ?? before?.tier ?? 'Standard', value),
    ...(description !== undefined && { description }),
    ...(keyId !== undefined && { keyId }),
    ...(allowedPattern !== undefined && { allowedPattern }),
    labels: [],
    modifiedAt: request.now,
    modifiedBy: principalOf(request.world, request.accessKeyId)?.arn ?? '',
  };
}

function typeOf(given: string | undefined, before: ParameterVersionState | undefined): ParameterVersionState['type'] {
  if (given === undefined && before) return before.type;
  if (given === undefined)
    throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
  const type = TYPES.find((each) => each === given);
  if (!type) throw violation(given, 'type', 'must satisfy enum value set: [SecureString, StringList, String]');
  if (before && before.type !== type)
    throw new AwsError(
      'HierarchyTypeMismatchException',
      `Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a ${before.type} type to a ${type} type. You must create a new, unique parameter.`,
    );
  return type;
}

function tierOf(tier: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  const fitting = bytes > MOST_BYTES.Standard ? 'Advanced' : 'Standard';
  const chosen = tier === 'Intelligent-Tiering' ? fitting : tier;
  if (chosen !== 'Standard' && chosen !== 'Advanced')
    throw violation(tier, 'tier', 'must satisfy enum value set: [Standard, Advanced, Intelligent-Tiering]');
  if (bytes > MOST_BYTES[chosen])
    throw new AwsError(
      'ValidationException',
      `${chosen} tier parameters support a maximum parameter value of ${MOST_BYTES[chosen]} characters.`,
    );
  return chosen;
}

/** With the hundred-and-first version the oldest one goes, unless a label holds it (User Guide, "Parameter versions"). */
function makeRoom(parameter: ParameterState): void {
  const [oldest] = parameter.versions;
  if (parameter.versions.length < MOST_VERSIONS || !oldest) return;
  if (oldest.labels.length > 0)
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  parameter.versions.shift();
}

export const putParameterOperations: Operations = { PutParameter };
