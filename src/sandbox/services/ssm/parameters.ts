/** Parameter Store: reading, listing and deleting parameters, AWS's own public ones among them. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import type { ParameterState } from '../../world.ts';
import { arnOf, type Chosen, chosenBy, metadataOf, ownParameter, parameterOf, publicStates } from './parameter.ts';
import { type Candidate, olderFilters, parameterFilters } from './parameter-filters.ts';
import { isUnder, refusePath } from './parameter-names.ts';
import { bounded, invalidToken, required, violation } from './refusal.ts';

const GetParameter: Operation<Ssm.GetParameterRequest, Ssm.GetParameterResult> = (request, input) => ({
  Parameter: parameterOf(request, chosenBy(request, required(input.Name, 'name')), input.WithDecryption),
});

const GetParameters: Operation<Ssm.GetParametersRequest, Ssm.GetParametersResult> = (request, input) => {
  const names = requireTen(input.Names);
  const found = names.map((name) => [name, attempt(request, name)] as const);
  return {
    Parameters: found.flatMap(([, chosen]) => (chosen ? [parameterOf(request, chosen, input.WithDecryption)] : [])),
    InvalidParameters: found.flatMap(([name, chosen]) => (chosen ? [] : [name])),
  };
};

/** Each once. @throws AwsError for none or more than ten. */
function requireTen(given: readonly string[] | undefined): readonly string[] {
  const names = required(given, 'names');
  const shown = `[${names.join(', ')}]`;
  if (names.length < 1) throw violation(shown, 'names', 'must have length greater than or equal to 1');
  if (names.length > 10) throw violation(shown, 'names', 'must have length less than or equal to 10');
  return [...new Set(names)];
}

function attempt(request: Request, name: string): Chosen | undefined {
  try {
    return chosenBy(request, name);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

const GetParametersByPath: Operation<Ssm.GetParametersByPathRequest, Ssm.GetParametersByPathResult> = (
  request,
  input,
) => {
  const path = required(input.Path, 'path');
  refusePath(path);
  const passes = parameterFilters(input.ParameterFilters ?? [], 'path');
  // The public parameters are found by their own path only.
  const all = [...request.region.parameters, ...(/^\/aws/.test(path) ? publicStates() : [])];
  const found = all
    .filter(({ name }) => isUnder(name, path, input.Recursive === true))
    .flatMap((parameter) => newest(parameter).filter(passes));
  const size = bounded(input.MaxResults, 'maxResults', { min: 1, max: 10, byDefault: 10 });
  const { items, nextToken } = page(found, size, input.NextToken, invalidToken());
  return {
    Parameters: items.map((each) => parameterOf(request, { ...each, selector: undefined }, input.WithDecryption)),
    NextToken: nextToken,
  };
};

function newest(parameter: ParameterState): Candidate[] {
  const version = parameter.versions.at(-1);
  return version ? [{ parameter, version }] : [];
}

const DescribeParameters: Operation<Ssm.DescribeParametersRequest, Ssm.DescribeParametersResult> = (request, input) => {
  const { Filters: older = [], ParameterFilters: filters = [] } = input;
  if (older.length > 0 && filters.length > 0)
    throw new AwsError('ValidationException', 'You can use either Filters or ParameterFilters in a single request.');
  const passesNew = parameterFilters(filters, 'describe');
  const passesOld = olderFilters(older);
  const found = request.region.parameters.flatMap(newest).filter((each) => passesNew(each) && passesOld(each));
  const size = bounded(input.MaxResults, 'maxResults', { min: 1, max: 50, byDefault: 10 });
  const { items, nextToken } = page(found, size, input.NextToken, invalidToken());
  return {
    Parameters: items.map(({ parameter, version }) => ({
      ...metadataOf(parameter, version),
      ARN: arnOf(request, parameter.name),
    })),
    NextToken: nextToken,
  };
};

const DeleteParameter: Operation<Ssm.DeleteParameterRequest, Ssm.DeleteParameterResult> = (request, input) => {
  remove(request, ownParameter(request, required(input.Name, 'name')));
  return {};
};

const DeleteParameters: Operation<Ssm.DeleteParametersRequest, Ssm.DeleteParametersResult> = (request, input) => {
  const names = requireTen(input.Names);
  const own = request.region.parameters.filter(({ name }) => names.includes(name));
  for (const parameter of own) remove(request, parameter);
  const deleted = own.map(({ name }) => name);
  return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
};

function remove({ region }: Request, parameter: ParameterState): void {
  region.parameters = region.parameters.filter((each) => each !== parameter);
}

export const parameterOperations: Operations = {
  GetParameter,
  GetParameters,
  GetParametersByPath,
  DescribeParameters,
  DeleteParameter,
  DeleteParameters,
};
