/** Documents: making, changing and deleting them, and reading one. */
import type * as Ssm from '@aws-sdk/client-ssm';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { contentIn, descriptionOf, findDocument, isOfAws, versionOf } from './document.ts';
import { type DocumentFormat, readContent } from './document-content.ts';
import { required, violation } from './refusal.ts';
import { tagsFrom } from './tag-rules.ts';

const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/;
/** API Reference, CreateDocument: prefixes that are AWS's own. */
const RESERVED = /^(aws|amazon|amzn|AWSEC2|AWSConfigRemediation|AWSSupport)/i;
const MOST_BYTES = 64 * 1024;

const CreateDocument: Operation<Ssm.CreateDocumentRequest, Ssm.CreateDocumentResult> = (request, input) => {
  const name = required(input.Name, 'name');
  if (!NAME.test(name))
    throw violation(name, 'name', 'must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$');
  if (RESERVED.test(name))
    throw new AwsError('ValidationException', `The document name ${name} has a reserved prefix.`);
  if (request.region.documents.some((document) => document.name === name))
    throw new AwsError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
  const type = input.DocumentType ?? 'Command';
  if (type !== 'Command')
    throw new AwsError('InvalidDocumentContent', `The sandbox has documents of type Command only, not ${type}.`);
  const format = formatOf(input.DocumentFormat);
  const content = checked(required(input.Content, 'content'), format);
  const document = {
    name,
    type,
    ...(input.TargetType !== undefined && { targetType: input.TargetType }),
    createdDate: request.now,
    defaultVersion: 1,
    versions: [],
    versionsMade: 0,
    tags: tagsFrom(input.Tags ?? []),
  };
  const version = addVersion(document, content, format, input.VersionName, request.now);
  request.region.documents.push(document);
  return { DocumentDescription: descriptionOf(request, document, version) };
};

function formatOf(format: string | undefined): DocumentFormat {
  if (format === undefined || format === 'JSON') return 'JSON';
  if (format === 'YAML') return format;
  throw new AwsError('InvalidDocumentContent', `The sandbox reads documents in JSON and YAML, not in ${format}.`);
}

function checked(content: string, format: DocumentFormat): string {
  if (Buffer.byteLength(content) > MOST_BYTES)
    throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.');
  readContent(content, format);
  return content;
}

function addVersion(
  document: ReturnType<typeof findDocument>,
  content: string,
  format: DocumentFormat,
  name: string | undefined,
  now: number,
) {
  document.versionsMade += 1;
  const version = {
    version: document.versionsMade,
    ...(name !== undefined && { name }),
    format,
    content,
    createdDate: now,
  };
  document.versions.push(version);
  return version;
}

const UpdateDocument: Operation<Ssm.UpdateDocumentRequest, Ssm.UpdateDocumentResult> = (request, input) => {
  const document = findDocument(request, required(input.Name, 'name'));
  refuseOfAws(document);
  const before = versionOf(document, { documentVersion: input.DocumentVersion ?? '$DEFAULT' });
  const format = formatOf(input.DocumentFormat);
  const content = checked(required(input.Content, 'content'), format);
  if (document.versions.some((version) => version.content === content) || before.content === content)
    throw new AwsError(
      'DuplicateDocumentContent',
      'The content of the association document matches another document. Change the content of the document and try again.',
    );
  if (input.VersionName !== undefined && document.versions.some(({ name }) => name === input.VersionName))
    throw new AwsError('DuplicateDocumentVersionName', 'The specified version name is a duplicate.');
  const version = addVersion(document, content, format, input.VersionName, request.now);
  return { DocumentDescription: descriptionOf(request, document, version) };
};

const UpdateDocumentDefaultVersion: Operation<
  Ssm.UpdateDocumentDefaultVersionRequest,
  Ssm.UpdateDocumentDefaultVersionResult
> = (request, input) => {
  const document = findDocument(request, required(input.Name, 'name'));
  refuseOfAws(document);
  const { version, name } = versionOf(document, {
    documentVersion: required(input.DocumentVersion, 'documentVersion'),
  });
  document.defaultVersion = version;
  return {
    Description: {
      Name: document.name,
      DefaultVersion: String(version),
      ...(name !== undefined && { DefaultVersionName: name }),
    },
  };
};

const DeleteDocument: Operation<Ssm.DeleteDocumentRequest, Ssm.DeleteDocumentResult> = (request, input) => {
  const document = findDocument(request, required(input.Name, 'name'));
  refuseOfAws(document);
  const choice = { documentVersion: input.DocumentVersion, versionName: input.VersionName };
  if (choice.documentVersion === undefined && choice.versionName === undefined) {
    request.region.documents = request.region.documents.filter((each) => each !== document);
    return {};
  }
  const gone = versionOf(document, choice);
  if (gone.version === document.defaultVersion)
    throw new AwsError('InvalidDocumentOperation', "Default version of the document can't be deleted.");
  document.versions = document.versions.filter((version) => version !== gone);
  return {};
};

function refuseOfAws(document: ReturnType<typeof findDocument>): void {
  if (isOfAws(document))
    throw new AwsError('InvalidDocumentOperation', `The document ${document.name} belongs to Amazon.`);
}

const DescribeDocument: Operation<Ssm.DescribeDocumentRequest, Ssm.DescribeDocumentResult> = (request, input) => {
  const document = findDocument(request, required(input.Name, 'name'));
  const choice = { documentVersion: input.DocumentVersion, versionName: input.VersionName };
  return { Document: descriptionOf(request, document, versionOf(document, choice)) };
};

const GetDocument: Operation<Ssm.GetDocumentRequest, Ssm.GetDocumentResult> = (request, input) => {
  const document = findDocument(request, required(input.Name, 'name'));
  const version = versionOf(document, { documentVersion: input.DocumentVersion, versionName: input.VersionName });
  const format = input.DocumentFormat === undefined ? version.format : formatOf(input.DocumentFormat);
  return {
    Name: document.name,
    CreatedDate: new Date(version.createdDate),
    ...(version.name !== undefined && { VersionName: version.name }),
    DocumentVersion: String(version.version),
    Status: 'Active',
    Content: contentIn(version, format),
    DocumentType: document.type as Ssm.DocumentType,
    DocumentFormat: format,
  };
};

const ListDocumentVersions: Operation<Ssm.ListDocumentVersionsRequest, Ssm.ListDocumentVersionsResult> = (
  request,
  input,
) => {
  const document = findDocument(request, required(input.Name, 'name'));
  return {
    DocumentVersions: document.versions.map((version) => ({
      Name: document.name,
      DocumentVersion: String(version.version),
      ...(version.name !== undefined && { VersionName: version.name }),
      CreatedDate: new Date(version.createdDate),
      IsDefaultVersion: version.version === document.defaultVersion,
      DocumentFormat: version.format,
      Status: 'Active',
    })),
  };
};

export const documentOperations: Operations = {
  CreateDocument,
  UpdateDocument,
  UpdateDocumentDefaultVersion,
  DeleteDocument,
  DescribeDocument,
  GetDocument,
  ListDocumentVersions,
};
