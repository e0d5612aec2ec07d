/** Parameter Store: AWS's own public parameters for Amazon Linux images, and no others. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { publicParameters } from './images.ts';
import { required } from './refusal.ts';

const GetParameter: Operation<Ssm.GetParameterRequest, Ssm.GetParameterResult> = (request, input) => {
  const parameter = find(request, required(input.Name, 'name'));
  if (!parameter) throw new AwsError('ParameterNotFound', `Parameter ${input.Name} not found.`);
  return { Parameter: parameter };
};

const GetParameters: Operation<Ssm.GetParametersRequest, Ssm.GetParametersResult> = (request, input) => {
  const names = required(input.Names, 'names');
  return {
    Parameters: names.flatMap((name) => find(request, name) ?? []),
    InvalidParameters: names.filter((name) => !find(request, name)),
  };
};

function find(request: Request, name: string): Ssm.Parameter | undefined {
  const value = Object.hasOwn(publicParameters, name) ? publicParameters[name] : undefined;
  if (value === undefined) return undefined;
  return {
    Name: name,
    Type: 'String',
    Value: value,
    Version: 1,
    LastModifiedDate: new Date('2026-11-02T00:00:00Z'),
    ARN: `arn:aws:ssm:${request.regionName}::parameter${name}`,
    DataType: 'text',
  };
}

export const parameterOperations: Operations = { GetParameter, GetParameters };
