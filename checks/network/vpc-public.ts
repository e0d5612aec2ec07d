/** A VPC of the learner's own with a subnet from which the internet can be reached. */
import { defineCheck, fail, pass } from '../../src/check.ts';
import { freeBlock } from '../_blocks.ts';
import { elsewhereQuestion, inOtherRegion } from '../_elsewhere.ts';
import { routesEvidence, table } from '../_evidence.ts';
import { INTERNET_CODES, internetAccess } from '../_internet.ts';
import { capital, DOCS, named } from '../_words.ts';

export default defineCheck({
  title: 'The VPC has a public subnet',
  params: { vpc: 'vpc' },
  needs: ['vpcs', 'subnets', 'routeTables', 'internetGateways'],
  codes: {
    VPC_MISSING: 'The account holds no VPC in this Region that could be this one. The default VPC does not count.',
    VPC_IN_OTHER_REGION: 'No VPC is here that could be this one, but another Region of the account holds VPCs.',
    SUBNET_MISSING: 'The VPC has no subnet.',
    ...INTERNET_CODES,
  },
  mayAsk: ['elsewhere'],
  // Where one VPC of the learner's own is here, it is the other one that is missing, and not the Region that is wrong.
  asks: ({ slices }) => (slices.vpcs.some(({ isDefault }) => !isDefault) ? [] : [elsewhereQuestion('vpcs')]),
  judge(context) {
    const { params, slices, cloud } = context;
    const vpc = slices.vpcs.find(({ id }) => id === params.vpc.id);
    if (!vpc) {
      const abroad = inOtherRegion(context, 'vpcs', {
        code: 'VPC_IN_OTHER_REGION',
        message: `There is no VPC in ${cloud.region} that could be ${params.vpc.label}.`,
        expected: `a VPC in ${cloud.region}`,
        fix: {
          console:
            'Choose the Region of your VPCs at the top right of the console, and give labproof the same by --region',
          command: 'aws ec2 describe-vpcs --region REGION',
          docs: DOCS.regions,
        },
      });
      if (abroad) return fail(abroad);
      const others = slices.vpcs.map(({ id, isDefault, cidrs }) =>
        [id, isDefault ? '(the default VPC)' : '', cidrs.join(', ')].filter(Boolean).join(' '),
      );
      return fail({
        code: 'VPC_MISSING',
        severity: 'error',
        message: `There is no VPC in ${cloud.region} that could be ${params.vpc.label}. The default VPC does not count.`,
        resources: [],
        expected: 'a VPC that you created, with a public subnet',
        actual: others.join('; ') || 'no VPC at all',
        fix: {
          console: 'VPC > Your VPCs > Create VPC > VPC and more',
          command: `aws ec2 create-vpc --cidr-block ${freeBlock(slices.vpcs.flatMap(({ cidrs }) => cidrs))}`,
          docs: DOCS.createVpc,
        },
      });
    }
    const own = slices.subnets.filter(({ vpcId }) => vpcId === vpc.id);
    if (own.length === 0)
      return fail({
        code: 'SUBNET_MISSING',
        severity: 'error',
        message: `${capital(named(params.vpc))} has no subnet.`,
        resources: [vpc.id],
        expected: 'a subnet',
        actual: 'none',
        fix: {
          console: `VPC > Subnets > Create subnet > ${vpc.id}`,
          command: `aws ec2 create-subnet --vpc-id ${vpc.id} --cidr-block ${vpc.cidrs[0]}`,
          docs: DOCS.subnets,
        },
      });

    const reached = own.map((subnet) => ({ subnet, access: internetAccess(slices, subnet) }));
    const open = reached.flatMap(({ subnet, access }) => (access.open ? [{ subnet, ...access }] : []));
    const [first] = open;
    // The VPC and its subnet are there, and what follows needs no more of them.
    if (!first)
      return {
        verdict: 'partial',
        share: 0.4,
        findings: reached.flatMap(({ access }) => (access.open ? [] : [access.finding])),
        evidence: [],
      };
    return pass([
      table(
        named(params.vpc),
        ['What', 'In this account'],
        [
          ['VPC', `${vpc.id} (${vpc.tags.Name ?? 'no name'}), ${vpc.cidrs.join(', ')}`],
          ...open.map(({ subnet, table: { id }, gatewayId }) => [
            'Public subnet',
            `${subnet.id}, ${subnet.cidr}, ${subnet.availabilityZone}, by ${id} and ${gatewayId}`,
          ]),
        ],
      ),
      routesEvidence(`Route table ${first.table.id}, used by ${first.subnet.id}`, first.table),
    ]);
  },
});
