/** The filters between two instances: what security groups and network ACLs do with a ping and with its answer. */
import type { Finding } from '../src/check.ts';
import { meaningOf } from '../src/model/network/codes.ts';
import type { FilterDecision, Flow } from '../src/model/network/filter.ts';
import { networkAclDecision, networkAclOf } from '../src/model/network/network-acl.ts';
import { securityGroupDecision } from '../src/model/network/security-group.ts';
import type { Topology } from '../src/model/network/topology.ts';
import type { Host } from './_hosts.ts';
import { capital, DOCS, named } from './_words.ts';

const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

export const GATE_CODES = {
  ENI_SG_RULES_MISMATCH: meaningOf('ENI_SG_RULES_MISMATCH'),
  SG_HAS_NO_RULES: meaningOf('SG_HAS_NO_RULES'),
  SUBNET_ACL_RESTRICTION: meaningOf('SUBNET_ACL_RESTRICTION'),
} as const;

export interface Gate {
  readonly at: string;
  readonly decision: FilterDecision;
  /** What is stopped there: ICMP type 8, or type 0. */
  readonly leg: 'request' | 'answer';
  readonly fix: Finding['fix'];
}

export function closed(all: readonly Gate[]): readonly Gate[] {
  return all.filter(({ decision }) => decision.outcome === 'stopped');
}

/** Every filter between the two, in the order of the way. `address` is what each side is for the other: both private, or both public. */
export function gates(
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
    leg: legOf(flow),
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
      at: `the ${side} rules of ${acl.id} (the network ACL of ${host.interface.subnetId})`,
      decision,
      leg: legOf(flow),
      fix: {
        console: `VPC > Network ACLs > ${acl.id} > Edit ${side} rules > Add a rule before the denying one: All ICMP - IPv4, 0.0.0.0/0, Allow`,
        command:
          free > 0
            ? `aws ec2 create-network-acl-entry --network-acl-id ${acl.id} ${flag} --rule-number ${free} --protocol icmp --icmp-type-code Type=-1,Code=-1 --cidr-block 0.0.0.0/0 --rule-action allow`
            : `aws ec2 delete-network-acl-entry --network-acl-id ${acl.id} ${flag} --rule-number 1`,
        docs: DOCS.networkAcls,
      },
    },
  ];
}

function legOf({ icmpType }: Flow): Gate['leg'] {
  return icmpType === ECHO_REPLY ? 'answer' : 'request';
}

/** The lowest numbered rule that fits decides, so the new one must come first. 0 where there is no number before it. */
function freeRuleNumber(
  entries: readonly { readonly egress: boolean; readonly ruleNumber: number }[],
  direction: 'ingress' | 'egress',
): number {
  const taken = entries.filter(({ egress }) => egress === (direction === 'egress')).map(({ ruleNumber }) => ruleNumber);
  return Math.floor(taken.reduce((least, number) => Math.min(least, number), 100) / 2);
}

/** What the filter does, and how to open it. */
export function gateFinding({ at, decision, leg, fix }: Gate, severity: Finding['severity'] = 'error'): Finding {
  const code = decision.outcome === 'passed' ? 'UNKNOWN_RESOURCE' : decision.code;
  const what = leg === 'request' ? 'a ping' : 'the answer to a ping';
  const verb = decision.outcome === 'stopped' ? `stop ${what}` : `may or may not let ${what} through`;
  return {
    code,
    severity,
    message: `${capital(at)} ${verb}: ${decision.rule}.`,
    resources: [decision.id],
    expected: leg === 'request' ? 'ICMP echo requests (type 8) are allowed' : 'ICMP echo replies (type 0) are allowed',
    actual: decision.rule,
    ...(fix && { fix }),
  };
}
