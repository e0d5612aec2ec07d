/** The regions that the sandbox has, each with the zones that a new account sees (EC2 User Guide, Regions and Zones). */

const ZONE_LETTERS: Readonly<Record<string, string>> = {
  'us-east-1': 'abcdef',
  'us-east-2': 'abc',
  'us-west-1': 'ab',
  'us-west-2': 'abcd',
  'ap-northeast-1': 'acd',
  'ap-northeast-2': 'abcd',
  'ap-northeast-3': 'abc',
  'ap-south-1': 'abc',
  'ap-southeast-1': 'abc',
  'ap-southeast-2': 'abc',
  'ca-central-1': 'abd',
  'eu-central-1': 'abc',
  'eu-north-1': 'abc',
  'eu-west-1': 'abc',
  'eu-west-2': 'abc',
  'eu-west-3': 'abc',
  'sa-east-1': 'abc',
};

/** As in zone ids: `use1-az1`. */
const ZONE_ID_PREFIX: Readonly<Record<string, string>> = {
  'us-east-1': 'use1',
  'us-east-2': 'use2',
  'us-west-1': 'usw1',
  'us-west-2': 'usw2',
  'ap-northeast-1': 'apne1',
  'ap-northeast-2': 'apne2',
  'ap-northeast-3': 'apne3',
  'ap-south-1': 'aps1',
  'ap-southeast-1': 'apse1',
  'ap-southeast-2': 'apse2',
  'ca-central-1': 'cac1',
  'eu-central-1': 'euc1',
  'eu-north-1': 'eun1',
  'eu-west-1': 'euw1',
  'eu-west-2': 'euw2',
  'eu-west-3': 'euw3',
  'sa-east-1': 'sae1',
};

export const regionNames: readonly string[] = Object.keys(ZONE_LETTERS);

export interface Zone {
  readonly name: string;
  readonly id: string;
}

export function zonesOf(region: string): Zone[] {
  return [...(ZONE_LETTERS[region] ?? '')].map((letter, index) => ({
    name: region + letter,
    id: `${ZONE_ID_PREFIX[region]}-az${index + 1}`,
  }));
}
