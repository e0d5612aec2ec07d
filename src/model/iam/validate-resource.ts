/** What IAM refuses in a Resource, in IAM's words. */

const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];

const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** `legacy`: the document as a whole is refused, before anything else in it is looked at. */
export function resourceProblem(resource: string): string | undefined {
  if (resource === '*') return undefined;
  if (!resource.includes(':')) return `Resource ${resource} must be in ARN format or "*".`;
  const [, partition = '', ...rest] = resource.split(':');
  if (partition !== '*' && !PARTITIONS.includes(partition)) return partitionProblem(partition, rest);
  if (rest.length === 0) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  const [service = '', region = '', , ...path] = rest;
  const regional = rest.length < 3 || region !== '';
  if (service === 'iam' && regional) return `IAM resource ${resource} cannot contain region information.`;
  if (service === 's3' && regional && !path.join(':').startsWith('accesspoint/'))
    return `Resource ${resource} can not contain region information.`;
  if (service === '' || (resource.includes('::') && rest.length < 4)) return 'legacy';
  if (service === 'iam' && !IAM_PATHS.some((start) => path.join(':').startsWith(start)) && path.join(':') !== '*')
    return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;
  return undefined;
}

/** The message shows the resource as an ARN of six parts, with stars for those that are not there. */
function partitionProblem(partition: string, rest: readonly string[]): string {
  const [service, region = '*', account = '*', ...path] = rest;
  const shown = [service === undefined || (service === '' && rest.length === 1) ? '*' : service, region, account];
  const arn = ['arn', partition, ...shown, path.length > 0 ? path.join(':') : '*'].join(':');
  return `Partition "${partition}" is not valid for resource "${arn}".`;
}
