/** How an AWS managed policy is written down. */
import type { PolicyState } from '../iam-state.ts';

interface Facts {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly created: string;
  readonly updated: string;
  /** The default one; earlier versions are not kept. */
  readonly version: string;
}

export function managed(facts: Facts, Statement: readonly object[]): PolicyState {
  const { name, id, path, version } = facts;
  // In lines, as AWS has them: simulations tell the places of statements.
  const document = JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);
  return {
    name,
    id,
    path,
    arn: `arn:aws:iam::aws:policy${path}${name}`,
    createDate: Date.parse(facts.created),
    defaultVersionId: version,
    versions: [{ id: version, createDate: Date.parse(facts.updated), document }],
    versionsMade: Number(version.slice(1)),
    tags: {},
  };
}

export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
