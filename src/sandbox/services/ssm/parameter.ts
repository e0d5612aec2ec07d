/** Parameters as they are found, AWS's public ones among them, and as the API shows them. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { AwsError, type Request } from '../../service.ts';
import type { ParameterState, ParameterVersionState } from '../../world.ts';
import { publicParameters } from './images.ts';
import { readSelector } from './parameter-names.ts';

export const DEFAULT_KEY = 'alias/aws/ssm';

export function publicStates(): readonly ParameterState[] {
  return Object.entries(publicParameters).map(([name, value]) => ({
    name,
    versions: [
      {
        version: 1,
        type: 'String',
        value,
        dataType: 'text',
        tier: 'Standard',
        labels: [],
        modifiedAt: Date.UTC(2026, 10, 2),
        modifiedBy: '',
      },
    ],
    tags: {},
  }));
}

/** One of the account's own. @throws AwsError */
export function ownParameter(request: Request, name: string): ParameterState {
  const found = request.region.parameters.find((parameter) => parameter.name === name);
  if (!found) throw notFound(name);
  return found;
}

export interface Chosen {
  readonly parameter: ParameterState;
  readonly version: ParameterVersionState;
  /** `:3` or `:label`, as it was asked for. */
  readonly selector: string | undefined;
}

/** By name, `name:version`, `name:label` or ARN. @throws AwsError */
export function chosenBy(request: Request, text: string): Chosen {
  const selector = readSelector(text);
  const all = [...request.region.parameters, ...publicStates()];
  const parameter = selector && all.find(({ name }) => name === selector.name);
  if (!parameter) throw notFound(text);
  const wanted = selector.version;
  const version =
    wanted === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find((each) => String(each.version) === wanted || each.labels.includes(wanted));
  if (!version) throw versionNotFound(wanted ?? '', parameter.name);
  return { parameter, version, selector: wanted === undefined ? undefined : `:${wanted}` };
}

export function notFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}

export function versionNotFound(version: string | number, name: string): AwsError {
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );
}

export function arnOf({ account, regionName }: Request, name: string): string {
  const owner = Object.hasOwn(publicParameters, name) ? '' : account.id;
  return `arn:aws:ssm:${regionName}:${owner}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

/** A secret is shown in the clear only where that was asked for; else it is no more than some text. */
export function shownValue({ type, value, keyId }: ParameterVersionState, decrypted: boolean | undefined): string {
  if (type !== 'SecureString' || decrypted) return value;
  return Buffer.from(`kms:${keyId ?? DEFAULT_KEY}:${value}`).toString('base64');
}

export function parameterOf(request: Request, chosen: Chosen, decrypted: boolean | undefined): Ssm.Parameter {
  const { parameter, version, selector } = chosen;
  return {
    Name: parameter.name,
    Type: version.type,
    Value: shownValue(version, decrypted),
    Version: version.version,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: arnOf(request, parameter.name),
    DataType: version.dataType,
  };
}

/** What DescribeParameters and GetParameterHistory say of a version: everything but its value. */
export function metadataOf({ name }: ParameterState, version: ParameterVersionState): Ssm.ParameterMetadata {
  const { type, keyId, modifiedAt, modifiedBy, description, allowedPattern, tier, dataType } = version;
  return {
    Name: name,
    Type: type,
    ...(keyId !== undefined && { KeyId: keyId }),
    LastModifiedDate: new Date(modifiedAt),
    LastModifiedUser: modifiedBy,
    ...(description !== undefined && { Description: description }),
    ...(allowedPattern !== undefined && { AllowedPattern: allowedPattern }),
    Version: version.version,
    Tier: tier as Ssm.ParameterTier,
    Policies: [],
    DataType: dataType,
  };
}
