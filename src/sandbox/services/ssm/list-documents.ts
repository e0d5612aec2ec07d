/** ListDocuments: AWS's own documents and the account's, by filters. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { page } from '../../page.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import type { DocumentState } from '../../world.ts';
import { allDocuments, descriptionOf, isOfAws, versionOf } from './document.ts';
import { bounded, invalidToken } from './refusal.ts';

interface Filter {
  readonly key: string;
  readonly values: readonly string[];
}

const ListDocuments: Operation<Ssm.ListDocumentsRequest, Ssm.ListDocumentsResult> = (request, input) => {
  const filters: readonly Filter[] = [
    ...(input.Filters ?? []).map(({ Key = '', Values = [] }) => ({ key: Key, values: Values })),
    ...(input.DocumentFilterList ?? []).map(({ key = '', value = '' }) => ({ key, values: [value] })),
  ];
  const found = allDocuments(request).filter((document) => filters.every((filter) => passes(document, filter)));
  const size = bounded(input.MaxResults, 'maxResults', { min: 1, max: 50, byDefault: 50 });
  const { items, nextToken } = page(found, size, input.NextToken, invalidToken());
  return {
    DocumentIdentifiers: items.map((document) => {
      const { Parameters, Hash, HashType, Description, Status, LatestVersion, DefaultVersion, ...identifier } =
        descriptionOf(request, document, versionOf(document, {}));
      return identifier;
    }),
    NextToken: nextToken,
  };
};

/** API Reference, DocumentKeyValuesFilter. */
function passes(document: DocumentState, { key, values }: Filter): boolean {
  const some = (test: (value: string) => boolean) => values.some(test);
  if (key.startsWith('tag:')) return some((value) => document.tags[key.slice('tag:'.length)] === value);
  switch (key) {
    case 'Name':
      return some((value) => document.name.startsWith(value));
    case 'Owner':
      return some((value) =>
        ['All', isOfAws(document) ? 'Amazon' : 'Self', ...(isOfAws(document) ? ['Public'] : ['Private'])].includes(
          value,
        ),
      );
    case 'DocumentType':
      return values.includes(document.type);
    case 'TargetType':
      return document.targetType !== undefined && values.includes(document.targetType);
    case 'PlatformTypes':
      return values.includes('Linux');
    case 'SearchKeyword':
      return some((value) => document.name.toLowerCase().includes(value.toLowerCase()));
    default:
      throw new AwsError('InvalidFilterKey', `The specified key ${key} is not valid.`);
  }
}

export const listDocumentOperations: Operations = { ListDocuments };
