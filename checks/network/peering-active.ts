/** A peering connection between the two VPCs that carries packets. */
import { type Bound, defineCheck, type Finding, fail, pass, waiting } from '../../src/check.ts';
import type { PeeringConnection, PeeringStatus } from '../../src/model/network/topology.ts';
import { table } from '../_evidence.ts';
import { DOCS, named } from '../_words.ts';

/** VPC Peering Guide, "VPC peering connection lifecycle". */
const CODES: Readonly<Record<Exclude<PeeringStatus, 'active'>, { readonly code: string; readonly why: string }>> = {
  'initiating-request': { code: 'PEERING_STARTING', why: 'the request is being sent' },
  'pending-acceptance': {
    code: 'PEERING_PENDING_ACCEPTANCE',
    why: 'it waits for its acceptance, also where both VPCs are yours',
  },
  provisioning: { code: 'PEERING_STARTING', why: 'it is accepted and will be active soon' },
  failed: { code: 'PEERING_FAILED', why: 'most often because the address ranges of the VPCs overlap' },
  rejected: { code: 'PEERING_REJECTED', why: 'the request was rejected' },
  expired: { code: 'PEERING_EXPIRED', why: 'nobody accepted the request within 7 days' },
  deleted: { code: 'PEERING_DELETED', why: 'it carries nothing any more' },
  deleting: { code: 'PEERING_DELETED', why: 'it is being deleted' },
};

export default defineCheck({
  title: 'A peering connection joins the VPCs',
  params: { peering: 'peering', vpc: 'vpc', other: 'vpc' },
  needs: ['vpcs', 'peeringConnections'],
  codes: {
    PEERING_MISSING: 'No peering connection was ever requested between the two VPCs, or none that is still shown.',
    PEERING_WITH_OTHER_VPC: 'A peering connection is there, but its two sides are not these two VPCs.',
    PEERING_STARTING: 'The peering connection is being set up by AWS.',
    PEERING_PENDING_ACCEPTANCE: 'The request was not accepted yet. Its owner has 7 days to do so.',
    PEERING_FAILED: 'AWS could not set up the peering connection: the address ranges overlap, or a quota is reached.',
    PEERING_REJECTED: 'The request was rejected. A new one is needed.',
    PEERING_EXPIRED: 'The request was not accepted within 7 days. A new one is needed.',
    PEERING_DELETED: 'The peering connection was deleted, and none replaces it.',
  },
  judge({ params, slices }) {
    const { vpc, other } = params;
    const between = slices.peeringConnections.filter((each) => joins(each, vpc, other));
    // Failed and deleted ones stay visible for hours, beside their successor.
    const [peering] = between.toSorted(byHope);
    if (!peering) return fail(missing(vpc, other, slices.peeringConnections));
    if (peering.status !== 'active') {
      const finding = notActive(peering, peering.status, vpc, other);
      return finding.code === 'PEERING_STARTING' ? waiting(finding) : fail(finding);
    }
    const side = ({ vpcId, cidrs, ownerId }: PeeringConnection['requester']) =>
      `${vpcId}, ${cidrs?.join(', ') ?? 'blocks unknown'}, account ${ownerId}`;
    return pass([
      table(
        'The peering connection',
        ['What', 'In this account'],
        [
          ['Peering connection', `${peering.id} (${peering.tags.Name ?? 'no name'})`],
          ['Status', peering.status],
          ['Requester', side(peering.requester)],
          ['Accepter', side(peering.accepter)],
        ],
      ),
    ]);
  },
});

function joins({ requester, accepter }: PeeringConnection, a: Bound, b: Bound): boolean {
  const sides = [requester.vpcId, accepter.vpcId];
  return sides.some((id) => id === a.id) && sides.some((id) => id === b.id);
}

const HOPE: readonly PeeringStatus[] = [
  'active',
  'provisioning',
  'pending-acceptance',
  'initiating-request',
  'failed',
  'rejected',
  'expired',
  'deleting',
  'deleted',
];

function byHope(a: PeeringConnection, b: PeeringConnection): number {
  return HOPE.indexOf(a.status) - HOPE.indexOf(b.status) || a.id.localeCompare(b.id);
}

function create(vpc: Bound, other: Bound): Finding['fix'] {
  return {
    console: `VPC > Peering connections > Create peering connection: requester ${vpc.id ?? vpc.label}, accepter ${other.id ?? other.label}; then Actions > Accept request`,
    ...(vpc.id &&
      other.id && {
        command: `id=$(aws ec2 create-vpc-peering-connection --vpc-id ${vpc.id} --peer-vpc-id ${other.id} --query VpcPeeringConnection.VpcPeeringConnectionId --output text) && aws ec2 wait vpc-peering-connection-exists --vpc-peering-connection-ids "$id" && aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$id"`,
      }),
    docs: DOCS.peering,
  };
}

function notActive(
  { id }: PeeringConnection,
  status: Exclude<PeeringStatus, 'active'>,
  vpc: Bound,
  other: Bound,
): Finding {
  const { code, why } = CODES[status];
  const accept = {
    console: `VPC > Peering connections > ${id} > Actions > Accept request`,
    command: `aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id ${id}`,
    docs: DOCS.peeringLifecycle,
  };
  const fix = code === 'PEERING_PENDING_ACCEPTANCE' ? accept : create(vpc, other);
  return {
    code,
    severity: code === 'PEERING_STARTING' ? 'info' : 'error',
    message: `Peering connection ${id} between ${named(vpc)} and ${named(other)} is ${status}: ${why}.${code === 'PEERING_STARTING' ? ' That usually takes some seconds.' : ''}`,
    resources: [id],
    expected: 'active',
    actual: status,
    ...(fix && code !== 'PEERING_STARTING' && { fix }),
  };
}

/** Others stay in the list for some hours or days (VPC Peering Guide, "Peering connection lifecycle"). */
const LIVE: readonly PeeringStatus[] = ['initiating-request', 'pending-acceptance', 'provisioning', 'active'];

function missing(vpc: Bound, other: Bound, all: readonly PeeringConnection[]): Finding {
  const fix = create(vpc, other);
  const near = all.filter(
    ({ status, requester, accepter }) =>
      LIVE.includes(status) && [requester.vpcId, accepter.vpcId].some((id) => id === vpc.id || id === other.id),
  );
  const actual = near.map(
    ({ id, status, requester, accepter }) =>
      `${id} between ${requester.vpcId} and ${accepter.vpcId}${status === 'active' ? '' : ` (${status})`}`,
  );
  return {
    code: near.length > 0 ? 'PEERING_WITH_OTHER_VPC' : 'PEERING_MISSING',
    severity: 'error',
    message: `There is no peering connection between ${named(vpc)} and ${named(other)}${near.length > 0 ? `, only ${actual.join(', ')}` : ''}.`,
    resources: [...near.map(({ id }) => id), ...[vpc, other].flatMap(({ id }) => id ?? [])],
    expected: 'an active peering connection between the two',
    actual: actual.join(', ') || 'none',
    ...(fix && { fix }),
  };
}
