/** Do security groups and network ACLs let a ping from one instance reach the other, and its answer come back? */
import { defineCheck, type Finding, fail, pass, unknown } from '../../src/check.ts';
import { meaningOf } from '../../src/model/network/codes.ts';
import { TOPOLOGY_SLICES } from '../../src/model/network/topology.ts';
import { table } from '../_evidence.ts';
import { closed, GATE_CODES, type Gate, gateFinding, gates } from '../_gates.ts';
import { HOST_CODES, type Host, hostOf, missingHosts } from '../_hosts.ts';
import { named } from '../_words.ts';

export default defineCheck({
  title: 'Security groups and network ACLs let the ping through',
  params: { to: 'instance', from: 'instance' },
  needs: TOPOLOGY_SLICES,
  codes: {
    ...HOST_CODES,
    ...GATE_CODES,
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
    const stopping = closed(privately);
    if (stopping.length > 0) return fail(stopping.map((gate) => gateFinding(gate)));
    const doubt = privately.find(({ decision }) => decision.outcome === 'undecided');
    if (doubt) return unknown(gateFinding(doubt, 'warning'));

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
        ...closed(publicly).map((gate) => publicFinding(gate, from, to)),
        ...publicDoubts.map((gate) => gateFinding(gate, 'warning')),
      ],
    );
  },
});

function publicFinding(gate: Gate, from: Host, to: Host): Finding {
  return {
    ...gateFinding(gate, 'warning'),
    code: 'PUBLIC_PING_NOT_ALLOWED',
    message: `A ping of ${to.publicIp} arrives from ${from.publicIp}, the public address of ${from.bound.label}, and is stopped at ${gate.at}: ${gate.decision.rule}. It stays unanswered until that is allowed too.`,
  };
}
