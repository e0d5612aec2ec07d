/** Two VPCs that can be peered: no address lies in both. */
import { defineCheck, fail, pass } from '../../src/check.ts';
import { overlaps } from '../../src/model/network/cidr.ts';
import { freeBlock } from '../_blocks.ts';
import { table } from '../_evidence.ts';
import { capital, DOCS, listed, named } from '../_words.ts';

export default defineCheck({
  title: "The VPCs' address ranges do not overlap",
  params: { vpc: 'vpc', other: 'vpc' },
  needs: ['vpcs'],
  codes: {
    VPC_MISSING: 'One of the two VPCs is not there, so there is nothing to compare.',
    CIDR_OVERLAP: 'An address lies in blocks of both VPCs. AWS refuses to peer them.',
  },
  judge({ params, slices }) {
    const vpc = slices.vpcs.find(({ id }) => id === params.vpc.id);
    const other = slices.vpcs.find(({ id }) => id === params.other.id);
    if (!vpc || !other) {
      const missing = [...(vpc ? [] : [params.vpc.label]), ...(other ? [] : [params.other.label])];
      return fail({
        code: 'VPC_MISSING',
        severity: 'error',
        message: `${capital(listed(missing))} ${missing.length === 1 ? 'was' : 'were'} not found, so there is nothing to compare.`,
        resources: [],
        expected: 'two VPCs',
        actual:
          slices.vpcs.map(({ id, isDefault }) => (isDefault ? `${id} (the default VPC)` : id)).join(', ') || 'none',
        fix: {
          console: 'VPC > Your VPCs > Create VPC',
          command: `aws ec2 create-vpc --cidr-block ${freeBlock(slices.vpcs.flatMap(({ cidrs }) => cidrs))}`,
          docs: DOCS.createVpc,
        },
      });
    }
    const clashes = vpc.cidrs.flatMap((a) => other.cidrs.filter((b) => overlaps(a, b)).map((b) => ({ a, b })));
    if (clashes.length > 0)
      return fail(
        clashes.map(({ a, b }) => ({
          code: 'CIDR_OVERLAP',
          severity: 'error',
          message: `The block ${a} of ${named(params.vpc)} and the block ${b} of ${named(params.other)} have addresses in common.`,
          resources: [vpc.id, other.id],
          expected: 'blocks without a common address, such as 10.1.0.0/16 and 10.2.0.0/16',
          actual: `${a} and ${b}`,
          fix: {
            console: `VPC > Your VPCs > Create VPC with another IPv4 CIDR block in place of ${named(params.other)}: the first block of a VPC cannot be changed`,
            command: `aws ec2 create-vpc --cidr-block ${freeBlock(slices.vpcs.flatMap(({ cidrs }) => cidrs))}`,
            docs: DOCS.vpcCidrs,
          },
        })),
      );
    return pass([
      table(
        'Address ranges',
        ['VPC', 'IPv4 CIDR blocks'],
        [
          [named(params.vpc), vpc.cidrs.join(', ')],
          [named(params.other), other.cidrs.join(', ')],
        ],
      ),
    ]);
  },
});
