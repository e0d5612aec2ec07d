/** What is known of every request (IAM User Guide, "AWS global condition context keys"). */
import type { RequestContext } from '../../model/iam/condition.ts';
import type { Request } from '../service.ts';
import { credentialOf, type Principal } from './principal.ts';

/** Requests come from this machine; they stand for AWS's HTTPS. */
const SOURCE_IP = '127.0.0.1';

export function requestContext({ world, accessKeyId, regionName, now }: Request, principal: Principal): RequestContext {
  const credential = credentialOf(world, accessKeyId);
  const session = credential?.kind === 'session' ? credential : undefined;
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': regionName,
    'aws:SourceIp': SOURCE_IP,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalArn': principal.kind === 'role' ? principal.role.arn : principal.arn,
    'aws:userid': principal.id,
    ...(session && {
      'aws:TokenIssueTime': new Date(session.issuedAt).toISOString(),
      'aws:MultiFactorAuthPresent': 'false',
    }),
    ...ofPrincipal(principal),
  };
}

function ofPrincipal(principal: Principal): RequestContext {
  if (principal.kind === 'root') return { 'aws:PrincipalType': 'Account' };
  if (principal.kind === 'user')
    return {
      'aws:PrincipalType': 'User',
      'aws:username': principal.user.name,
      ...tagKeys('aws:PrincipalTag', principal.user.tags),
    };
  const tags = { ...principal.role.tags, ...principal.session.tags };
  return { 'aws:PrincipalType': 'AssumedRole', ...tagKeys('aws:PrincipalTag', tags) };
}

export function tagKeys(key: string, tags: Readonly<Record<string, string>>): RequestContext {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
}
