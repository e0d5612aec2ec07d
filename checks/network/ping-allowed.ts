/** Do security groups and network ACLs let a ping from one instance reach the other, and its answer come back? */
import { defineCheck, type Finding, fail, pass, unknown } from '../../src/check.ts';
import { meaningOf } from '../../src/model/network/codes.ts';
import type { FilterDecision, Flow } from '../../src/model/network/filter.ts';
import { networkAclDecision, networkAclOf } from '../../src/model/network/network-acl.ts';
import { securityGroupDecision } from '../../src/model/network/security-group.ts';
import { TOPOLOGY_SLICES, type Topology } from '../../src/model/network/topology.ts';
import { table } from '../_evidence.ts';
import { HOST_CODES, type Host, hostOf, missingHosts } from '../_hosts.ts';
import { capital, DOCS, named } from '../_words.ts';

const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

interface Gate {
  readonly at: string;
  readonly decision: FilterDecision;
  readonly fix: Finding['fix'];
}

export default defineCheck({
  title: 'Security groups and network ACLs let the ping through',
  params: { to: 'instance', from: 'instance' },
  needs: TOPOLOGY_SLICES,
  codes: {
    ...HOST_CODES,
    ENI_SG_RULES_MISMATCH: meaningOf('ENI_SG_RULES_MISMATCH'),
    SG_HAS_NO_RULES: meaningOf('SG_HAS_NO_RULES'),
    SUBNET_ACL_RESTRICTION: meaningOf('SUBNET_ACL_RESTRICTION'),
    PUBLIC_PING_NOT_ALLOWED:
      'A ping of the private address is allowed, but one of the public address is not: it arrives from the public address of its sender.',
    PREFIX_LIST_NOT_READ: meaningOf('PREFIX_LIST_NOT_READ'),
    UNKNOWN_PEERED_SGS: meaningOf('UNKNOWN_PEERED_SGS'),
    UNKNOWN_RESOURCE: meaningOf('UNKNOWN_RESOURCE'),
  },
  judge({ params, slices }) {
    const from = hostOf(slices, params.from);
    const to = hostOf(slices, params.to);
    if (!from || !to) return fail(missingHosts([params.from, params.to], [from, to]));

    const privately = gates(slices, from, to, { source: from.privateIp, destination: to.privateIp });
    const publicly =
      from.publicIp === undefined || to.publicIp === undefined
        ? []
        : gates(slices, from, to, { source: from.publicIp, destination: to.publicIp });
    const closed = stopped(privately);
    if (closed.length > 0) return fail(closed.map((gate) => findingOf(gate)));
    const doubt = privately.find(({ decision }) => decision.outcome === 'undecided');
    if (doubt) return unknown(findingOf(doubt, 'warning'));

    const evidence = table(
      `What lets a ping from ${named(params.from)} in at ${named(params.to)}`,
      ['From', 'To', 'At', 'Rule'],
      [...privately.map((gate) => ({ gate, from: from.privateIp, to: to.privateIp }))]
        .concat(publicly.map((gate) => ({ gate, from: from.publicIp ?? '', to: to.publicIp ?? '' })))
        .map(({ gate, ...way }) => [way.from, way.to, gate.at, gate.decision.rule]),
    );
    // Rules for the other VPC alone are good practice; it is the check of the public ping that needs more.
    const publicDoubts = publicly.filter(({ decision }) => decision.outcome === 'undecided');
    return pass(
      [evidence],
      [
        ...stopped(publicly).map((gate) => publicFinding(gate, from, to)),
        ...publicDoubts.map((gate) => findingOf(gate, 'warning')),
      ],
    );
  },
});

function stopped(all: readonly Gate[]): readonly Gate[] {
  return all.filter(({ decision }) => decision.outcome === 'stopped');
}

function publicFinding(gate: Gate, from: Host, to: Host): Finding {
  return {
    ...findingOf(gate, 'warning'),
    code: 'PUBLIC_PING_NOT_ALLOWED',
    message: `A ping of ${to.publicIp} arrives from ${from.publicIp}, the public address of ${from.bound.label}, and is stopped at ${gate.at}: ${gate.decision.rule}. It stays unanswered until that is allowed too.`,
  };
}

/** Every filter between the two. `address` is what each side is for the other: both private, or both public. */
function gates(
  topology: Topology,
  from: Host,
  to: Host,
  address: { readonly source: string; readonly destination: string },
): readonly Gate[] {
  const leaving = echo(ECHO_REQUEST, from.privateIp, address.destination);
  const arriving = echo(ECHO_REQUEST, address.source, to.privateIp);
  const answering = echo(ECHO_REPLY, to.privateIp, address.source);
  const returning = echo(ECHO_REPLY, address.destination, from.privateIp);
  return [
    groupGate(topology, from, 'egress', leaving),
    ...aclGate(topology, from, 'egress', leaving),
    ...aclGate(topology, to, 'ingress', arriving),
    groupGate(topology, to, 'ingress', arriving),
    ...aclGate(topology, to, 'egress', answering),
    ...aclGate(topology, from, 'ingress', returning),
  ];
}

function echo(icmpType: number, source: string, destination: string): Flow {
  return { protocol: 'icmp', icmpType, source, destination };
}

function groupGate(topology: Topology, host: Host, direction: 'ingress' | 'egress', flow: Flow): Gate {
  const decision = securityGroupDecision(topology, host.interface.id, direction, flow);
  const [side, verb] = direction === 'ingress' ? ['inbound', 'ingress'] : ['outbound', 'egress'];
  return {
    at: `the ${side} rules of the security groups of ${named(host.bound)}`,
    decision,
    fix: {
      console: `EC2 > Security Groups > ${decision.id} > Edit ${side} rules > Add rule: All ICMP - IPv4, 0.0.0.0/0`,
      command: `aws ec2 authorize-security-group-${verb} --group-id ${decision.id} --ip-permissions 'IpProtocol=icmp,FromPort=-1,ToPort=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'`,
      docs: DOCS.pingRules,
    },
  };
}

function aclGate(topology: Topology, host: Host, direction: 'ingress' | 'egress', flow: Flow): readonly Gate[] {
  const acl = networkAclOf(topology, host.interface.subnetId);
  if (!acl) return [];
  const decision = networkAclDecision(acl, direction, flow);
  const side = direction === 'ingress' ? 'inbound' : 'outbound';
  const flag = direction === 'ingress' ? '--ingress' : '--egress';
  const free = freeRuleNumber(acl.entries, direction);
  return [
    {
      at: `the ${side} rules of ${acl.id}, the network ACL of ${host.interface.subnetId}`,
      decision,
      fix: {
        console: `VPC > Network ACLs > ${acl.id} > Edit ${side} rules > Add a rule before the denying one: All ICMP - IPv4, 0.0.0.0/0, Allow`,
        ...(free > 0 && {
          command: `aws ec2 create-network-acl-entry --network-acl-id ${acl.id} ${flag} --rule-number ${free} --protocol icmp --icmp-type-code Type=-1,Code=-1 --cidr-block 0.0.0.0/0 --rule-action allow`,
        }),
        docs: DOCS.networkAcls,
      },
    },
  ];
}

/** The lowest numbered rule that fits decides, so the new one must come first. 0 where there is no number before it. */
function freeRuleNumber(
  entries: readonly { readonly egress: boolean; readonly ruleNumber: number }[],
  direction: 'ingress' | 'egress',
): number {
  const taken = entries.filter(({ egress }) => egress === (direction === 'egress')).map(({ ruleNumber }) => ruleNumber);
  return Math.floor(Math.min(...taken, 100) / 2);
}

function findingOf({ at, decision, fix }: Gate, severity: Finding['severity'] = 'error'): Finding {
  const code = decision.outcome === 'passed' ? 'UNKNOWN_RESOURCE' : decision.code;
  const verb = decision.outcome === 'stopped' ? 'stop a ping' : 'may or may not let a ping through';
  return {
    code,
    severity,
    message: `${capital(at)} ${verb}: ${decision.rule}. A ping's request is ICMP type 8; type 0 is the reply.`,
    resources: [decision.id],
    expected: 'ICMP echo requests (type 8) are allowed',
    actual: decision.rule,
    ...(fix && { fix }),
  };
}
