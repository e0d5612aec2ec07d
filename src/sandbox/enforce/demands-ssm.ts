/** Systems Manager's actions and resources (Service Authorization Reference). */
import type { Request } from '../service.ts';
import { tagsOfResource } from '../services/ec2/tags.ts';
import { tagKeys } from './context.ts';
import { type Demand, type Input, requestTags, tagsIn, text, texts } from './demands.ts';

const PARAMETERS = /^(Put|Get|Delete|Label|Unlabel)Parameter/;
const DOCUMENTS =
  /^(Create|Get|Update|Delete|Describe|Modify)Document(DefaultVersion|Permission)?$|^ListDocumentVersions$/;

export function ssmDemands(operation: string, input: Input, request: Request): readonly Demand[] {
  const action = `ssm:${operation}`;
  const context = requestTags(tagsIn(input.Tags));
  if (operation === 'SendCommand') return sendCommand(input, request);
  if (PARAMETERS.test(operation)) {
    const names = [...texts(input.Name), ...texts(input.Names), ...texts(input.Path)];
    return names.map((name) => ({ action, resource: parameterArn(request, name), context }));
  }
  if (DOCUMENTS.test(operation) && text(input.Name) !== undefined)
    return [{ action, resource: documentArn(request, text(input.Name) ?? ''), context }];
  if (text(input.ResourceId) !== undefined && text(input.ResourceType) !== undefined)
    return [{ action, resource: taggedArn(request, input), context }];
  return [{ action, resource: '*' }];
}

/** The document, and each instance: their tags are `ssm:resourceTag` here. */
function sendCommand(input: Input, request: Request): readonly Demand[] {
  const { regionName, account } = request;
  const ids = texts(input.InstanceIds);
  const instances = (ids.length > 0 ? ids : ['*']).map((id) => {
    const tags = Object.fromEntries(tagsOfResource(request, id).map(({ Key = '', Value = '' }) => [Key, Value]));
    return {
      action: 'ssm:SendCommand',
      resource: `arn:aws:ec2:${regionName}:${account.id}:instance/${id}`,
      context: { ...tagKeys('ssm:resourceTag', tags), ...tagKeys('aws:ResourceTag', tags) },
    };
  });
  return [{ action: 'ssm:SendCommand', resource: documentArn(request, text(input.DocumentName) ?? '') }, ...instances];
}

/** AWS's own documents belong to no account. */
function documentArn({ regionName, account }: Request, name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:aws:ssm:${regionName}:${name.startsWith('AWS-') ? '' : account.id}:document/${name}`;
}

export function parameterArn({ regionName, account }: Request, name: string): string {
  if (name.startsWith('arn:')) return name;
  const owner = name.startsWith('/aws/service/') ? '' : account.id;
  return `arn:aws:ssm:${regionName}:${owner}:parameter/${name.replace(/^\//, '').replace(/:[\w.-]+$/, '')}`;
}

function taggedArn(request: Request, input: Input): string {
  const id = text(input.ResourceId) ?? '';
  if (input.ResourceType === 'Parameter') return parameterArn(request, id);
  if (input.ResourceType === 'Document') return documentArn(request, id);
  return `arn:aws:ssm:${request.regionName}:${request.account.id}:${text(input.ResourceType)?.toLowerCase()}/${id}`;
}
