/** What the account holds in its other Regions: a learner may have made everything with another one chosen. */
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRegionsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import type { ElsewhereAnswer, Question } from '../model/account.ts';
import type { Connection } from './connection.ts';

type What = (Question & { readonly kind: 'elsewhere' })['what'];

/** A page of each Region is enough: it is a hint where to look, no inventory. */
const MOST = 50;

/** Regions that the account has not enabled are not asked, those that do not answer are left out. */
export async function askElsewhere(connection: Connection, what: What): Promise<ElsewhereAnswer[]> {
  const ec2 = await connection.client('ec2');
  const [here, { Regions = [] }] = await Promise.all([ec2.config.region(), ec2.send(new DescribeRegionsCommand({}))]);
  const others = Regions.flatMap(({ RegionName }) => (RegionName && RegionName !== here ? [RegionName] : [])).sort();
  const answers = await Promise.allSettled(
    others.map(async (region) => ({ region, found: await LISTS[what](connection.in(region)) })),
  );
  return answers.flatMap((answer) =>
    answer.status === 'fulfilled' && answer.value.found.length > 0 ? [answer.value] : [],
  );
}

const LISTS: Readonly<Record<What, (connection: Connection) => Promise<ElsewhereAnswer['found']>>> = {
  async vpcs({ client }) {
    const Filters = [{ Name: 'is-default', Values: ['false'] }];
    const { Vpcs = [] } = await (await client('ec2')).send(new DescribeVpcsCommand({ Filters, MaxResults: MOST }));
    return Vpcs.map(({ VpcId = '', Tags = [] }) => named(VpcId, Tags.find(({ Key }) => Key === 'Name')?.Value));
  },
  async logGroups({ client }) {
    const { logGroups = [] } = await (await client('logs')).send(new DescribeLogGroupsCommand({ limit: MOST }));
    return logGroups.map(({ logGroupName = '' }) => named(logGroupName));
  },
};

function named(id: string, name?: string): ElsewhereAnswer['found'][number] {
  return { id, ...(name !== undefined && { name }) };
}
