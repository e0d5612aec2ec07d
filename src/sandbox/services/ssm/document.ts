/** Documents as they are found, and as the API shows them. */
import { createHash } from 'node:crypto';
import type * as Ssm from '@aws-sdk/client-ssm';
import { stringify } from 'yaml';
import { AwsError, type Request } from '../../service.ts';
import type { DocumentState } from '../../world.ts';
import { awsDocuments } from './aws-documents.ts';
import { type DocumentFormat, readContent, readText } from './document-content.ts';
import { asText } from './document-values.ts';

export type DocumentVersionState = DocumentState['versions'][number];

export function allDocuments(request: Request): readonly DocumentState[] {
  return [...awsDocuments, ...request.region.documents];
}

export function isOfAws(document: DocumentState): boolean {
  return awsDocuments.includes(document);
}

/** By name or ARN, also AWS's own. @throws AwsError */
export function findDocument(request: Request, nameOrArn: string): DocumentState {
  const name = /^arn:aws[a-z-]*:ssm:[^:]*:\d*:document\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
  const found = allDocuments(request).find((document) => document.name === name);
  if (!found) throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
  return found;
}

export interface VersionChoice {
  readonly documentVersion?: string | undefined;
  readonly versionName?: string | undefined;
}

/** `$DEFAULT`, `$LATEST`, a number, or a version's name; the default where nothing is said. @throws AwsError */
export function versionOf(document: DocumentState, choice: VersionChoice): DocumentVersionState {
  const { documentVersion, versionName } = choice;
  const number = numberOf(document, documentVersion ?? (versionName === undefined ? '$DEFAULT' : undefined));
  const found = document.versions.find(
    ({ version, name }) =>
      (number === undefined || version === number) && (versionName === undefined || name === versionName),
  );
  if (!found) throw new AwsError('InvalidDocumentVersion', 'The document version is not valid or does not exist.');
  return found;
}

function numberOf(document: DocumentState, version: string | undefined): number | undefined {
  if (version === undefined) return undefined;
  if (version === '$DEFAULT') return document.defaultVersion;
  return version === '$LATEST' ? latestOf(document) : Number(version);
}

function latestOf({ versions }: DocumentState): number {
  return versions.at(-1)?.version ?? 0;
}

function schemaVersionOf(version: DocumentVersionState): string {
  return String((readText(version.content, version.format) as { schemaVersion?: unknown }).schemaVersion ?? '');
}

/** The document's text in the format asked for. */
export function contentIn(version: DocumentVersionState, format: DocumentFormat): string {
  if (version.format === format) return version.content;
  const read = readText(version.content, version.format);
  return format === 'JSON' ? JSON.stringify(read, null, 2) : stringify(read);
}

export function descriptionOf(
  { account }: Request,
  document: DocumentState,
  version: DocumentVersionState,
): Ssm.DocumentDescription {
  const content = readContent(version.content, version.format);
  return {
    Hash: createHash('sha256').update(version.content).digest('hex'),
    HashType: 'Sha256',
    Name: document.name,
    ...(version.name !== undefined && { VersionName: version.name }),
    Owner: isOfAws(document) ? 'Amazon' : account.id,
    CreatedDate: new Date(version.createdDate),
    Status: 'Active',
    DocumentVersion: String(version.version),
    ...(content.description && { Description: content.description }),
    Parameters: Object.entries(content.parameters ?? {}).map(([name, parameter]) => ({
      Name: name,
      Type: parameter.type as Ssm.DocumentParameterType,
      ...(parameter.description && { Description: parameter.description }),
      ...(parameter.default !== undefined && { DefaultValue: asText(parameter.default) }),
    })),
    PlatformTypes: ['Linux', 'MacOS'],
    DocumentType: document.type as Ssm.DocumentType,
    SchemaVersion: schemaVersionOf(version),
    LatestVersion: String(latestOf(document)),
    DefaultVersion: String(document.defaultVersion),
    DocumentFormat: version.format,
    ...(document.targetType !== undefined && { TargetType: document.targetType }),
    Tags: tagList(document.tags),
  };
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
