import { describe, expect, test } from 'vitest';
import {
  byHand,
  IDS,
  line,
  MINUTE,
  NOW,
  outcome,
  pair,
  ping,
  type Row,
  run,
  solved,
  the,
  unpeer,
  type World,
} from './builders.ts';

const flowLog = ({ slices }: World) => the(slices.flowLogs, 'fl-1');
/** Nothing was pinged. */
const nothing = (world: World) => {
  world.pings = [];
  world.events = [];
};
const young = (world: World) => {
  flowLog(world).createdAt = NOW - 5 * MINUTE;
  delete flowLog(world).deliverStatus;
};
const both =
  (...changes: ((world: World) => void)[]) =>
  (world: World) => {
    for (const change of changes) change(world);
  };
const dropIcmp = ({ slices }: World) => {
  const group = the(slices.securityGroups, 'sg-2');
  group.ingress = group.ingress.filter(({ protocol }) => protocol !== 'icmp');
};

/** What all three checks of pings say where there is no ping. */
describe.each(['private-unanswered', 'public-answered', 'private-answered'])('%s, where nobody pinged', (id) => {
  const unheard = (world: World) => {
    nothing(world);
    byHand(world);
  };
  const rows: Row[] = [
    ['and records are delivered', unheard, 'fail', ['PING_NOT_SEEN']],
    ['and the flow log is new', both(unheard, young), 'waiting', ['RECORDS_PENDING']],
    [
      'and the instance is new',
      both(unheard, (w) => Object.assign(the(w.slices.instances, 'i-1'), { launchedAt: NOW - MINUTE })),
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'and its log group is made by the first delivery',
      both(unheard, young, (w) => {
        w.slices.logGroups = [];
      }),
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'and there is no flow log',
      both(unheard, (w) => {
        w.slices.flowLogs = [];
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'and the flow log sums up over 10 minutes since 20',
      both(unheard, (w) => Object.assign(flowLog(w), { createdAt: NOW - 20 * MINUTE, maxAggregationSeconds: 600 })),
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'and the new flow log delivers to S3',
      both(unheard, young, (w) => {
        flowLog(w).destinationType = 's3';
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'and the new flow log is on the other VPC',
      both(unheard, young, (w) => {
        flowLog(w).resourceId = 'vpc-2';
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'and one of two flow logs lacks fields',
      both(unheard, (w) => {
        w.slices.flowLogs.push({ ...flowLog(w), id: 'fl-2', format: '${srcaddr} ${dstaddr} ${bytes}' });
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'and the flow log has been silent for two hours',
      both(unheard, young, (w) => {
        flowLog(w).createdAt = NOW - 120 * MINUTE;
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'as far as the history tells, but the log may not be read',
      both(unheard, (w) => {
        w.denied = ['logEvents'];
      }),
      'unknown',
    ],
    [
      'as far as the log tells, but the history may not be read',
      both(unheard, (w) => {
        w.denied = ['pings'];
      }),
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome(id, change)).toEqual({ verdict, codes });
  });

  test('says what to run, and that records take minutes', () => {
    const world = solved();
    unheard(world);
    const [finding] = run(id, world).findings;
    const address = id === 'public-answered' ? IDS.public2 : IDS.private2;
    expect(finding?.fix?.command).toBe(`ping -c 5 ${address}`);
    expect(finding?.message).toContain('5 to 10 minutes');
  });
});

describe('the unanswered private ping', () => {
  const rows: Row[] = [
    [
      'in the history, before the peering',
      (w) => {
        unpeer(w);
        w.events = [];
        w.pings = [ping(IDS.private2, 0, 1)];
      },
      'pass',
    ],
    [
      'in the history, and the log may not be read',
      (w) => {
        w.denied = ['logEvents'];
      },
      'pass',
    ],
    [
      'in the history, peered since',
      (w) => {
        w.events = [];
      },
      'pass',
    ],
    [
      'by hand, before the peering',
      both(byHand, unpeer, (w) => {
        w.events = [line(IDS.private1, IDS.private2, 20)];
      }),
      'pass',
    ],
    ['by hand, peered since', byHand, 'pass'],
    [
      'never, as the peering came first',
      (w) => {
        w.pings = [ping(IDS.private2, 5, 30)];
        w.events = [];
      },
      'pass',
      ['FIRST_PING_NOT_SEEN'],
    ],
    [
      'never, as the flow log shows',
      both(byHand, (w) => {
        w.events = pair(IDS.private2, 30);
      }),
      'pass',
      ['FIRST_PING_NOT_SEEN'],
    ],
    [
      'by hand just now, and the records of answers may still come',
      both(byHand, (w) => {
        w.events = [line(IDS.private1, IDS.private2, 2)];
      }),
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'only the public address was pinged',
      (w) => {
        w.pings = [ping(IDS.public2, 5, 30)];
        w.events = pair(IDS.public2, 30);
      },
      'fail',
      ['PING_NOT_SEEN'],
    ],
    ['never, which the history would show, and the flow log is new', both(nothing, young), 'fail', ['PING_NOT_SEEN']],
    [
      'a ping that could not be sent',
      (w) => {
        nothing(w);
        w.pings = [{ ...ping(IDS.private2, 0, 30), transmitted: 0 }];
      },
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'background scans turned away prove nothing',
      both(byHand, (w) => {
        w.events = [line(IDS.private1, IDS.private2, 30, { action: 'REJECT' }), line('203.0.113.9', IDS.private1, 30)];
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('private-unanswered', change)).toEqual({ verdict, codes });
  });

  test('no ping is ever sent for it', () => {
    for (const change of [() => {}, nothing, unpeer, young])
      expect(run('private-unanswered', changed(change)).asked.map(({ kind }) => kind)).not.toContain('ping');
  });

  test('shows the terminal, the route table as it is, and why', () => {
    const { evidence } = run('private-unanswered', changed(unpeer));
    expect(evidence.map(({ kind }) => kind)).toEqual(['terminal', 'table', 'document']);
    const [terminal, table, why] = evidence.map(({ content }) => content);
    expect(terminal).toContain('5 packets transmitted, 0 received');
    expect(table).toBe(
      'Destination | Target | Status | Propagated\n10.1.0.0/16 | local | active | No\n0.0.0.0/0 | igw-1 | active | No',
    );
    expect(why).toContain('the request stops at internet gateway igw-1: 10.2.0.7 is a private address (RFC 1918)');
    expect(why).toContain('public address 3.80.0.2 would arrive and be answered');
  });

  test('does not excuse a security group that turns the private address away', () => {
    const world = solved();
    the(world.slices.securityGroups, 'sg-2').ingress = [
      { protocol: 'icmp', fromPort: -1, toPort: -1, peer: { kind: 'cidr', cidr: '3.80.0.1/32' } },
    ];
    expect(run('private-unanswered', world).evidence.at(-1)?.content).toMatch(
      /stops at security group sg-2(?!.*to blame)/s,
    );
  });

  test('tells that the network was changed since', () => {
    const { evidence } = run('private-unanswered', solved());
    expect(evidence.at(-1)?.content).toContain('Since then the network was changed: pcx-1 joins the VPCs now.');
    expect(evidence.at(-1)?.content).toContain('the request stops at internet gateway igw-1');
  });

  test('without Run Command the record is the proof, every field explained', () => {
    const [first] = run('private-unanswered', changed(both(byHand, unpeer))).evidence;
    expect(first?.kind).toBe('record');
    expect(first?.content.split('\n')[0]).toBe(line(IDS.private1, IDS.private2, 60).message);
  });
});

describe('the public ping', () => {
  const rows: Row[] = [
    [
      'in the history',
      (w) => {
        w.events = [];
      },
      'pass',
    ],
    ['by hand', byHand, 'pass'],
    ['before the peering', unpeer, 'pass'],
    [
      'unanswered at first, answered later',
      (w) => {
        w.pings.unshift(ping(IDS.public2, 0, 80));
      },
      'pass',
    ],
    [
      'only requests in the log',
      both(byHand, (w) => {
        w.events = [line(IDS.private1, IDS.public2, 30)];
      }),
      'fail',
      ['PUBLIC_PING_UNANSWERED'],
    ],
    [
      'answers to the private address',
      both(byHand, (w) => {
        w.events = pair(IDS.private2, 30);
      }),
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'of the address before a restart',
      (w) => {
        w.events = [];
        w.pings = [ping('3.80.0.99', 5, 30)];
      },
      'fail',
      ['PING_NOT_SEEN'],
    ],
    [
      'unanswered, and the log may not be read',
      (w) => {
        w.pings = [ping(IDS.public2, 0, 5)];
        w.denied = ['logEvents'];
      },
      'unknown',
    ],
    [
      'instance 2 has no public address',
      (w) => {
        delete the(w.slices.instances, 'i-2').publicIp;
        for (const address of the(w.slices.networkInterfaces, 'eni-2').addresses) delete address.publicIp;
      },
      'fail',
      ['PUBLIC_ADDRESS_MISSING'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('public-answered', change)).toEqual({ verdict, codes });
  });

  test('an unanswered one is explained by what stops it', () => {
    const world = changed(dropIcmp);
    world.events = [];
    world.pings = [ping(IDS.public2, 0, 5)];
    const { findings, evidence } = run('public-answered', world);
    expect(findings.map(({ code }) => code)).toEqual(['ENI_SG_RULES_MISMATCH', 'PUBLIC_PING_UNANSWERED']);
    expect(findings[1]?.message).toContain('the request stops at security group sg-2');
    expect(evidence[0]).toMatchObject({ kind: 'terminal' });
  });
});

describe('the private ping through the peering connection', () => {
  const unanswered = (w: World) => {
    w.events = [];
    w.pings = [ping(IDS.private2, 0, 60)];
  };
  const noWayBack = (w: World) => {
    const table = the(w.slices.routeTables, 'rtb-2');
    table.routes = table.routes.filter(({ target }) => target.kind !== 'peering');
  };
  const silent = (w: World) => {
    w.live.received = 0;
  };
  const rows: Row[] = [
    [
      'in the history',
      (w) => {
        w.events = [];
      },
      'pass',
    ],
    ['by hand', byHand, 'pass'],
    [
      'by hand, answered a moment ago',
      both(byHand, (w) => {
        w.events = pair(IDS.private2, 1);
      }),
      'pass',
    ],
    ['last unanswered, answered now', unanswered, 'pass'],
    ['never sent, answered now', nothing, 'pass'],
    ['last unanswered, and unanswered now', both(unanswered, noWayBack, silent), 'fail', ['PRIVATE_PING_UNANSWERED']],
    [
      'answered once, unanswered since',
      both(
        (w) => {
          w.events = [];
          w.pings.push(ping(IDS.private2, 0, 5));
        },
        noWayBack,
        silent,
      ),
      'fail',
      ['PRIVATE_PING_UNANSWERED'],
    ],
    [
      'answered once, silent now, and what was since cannot be read',
      both(silent, (w) => {
        w.denied = ['logEvents'];
      }),
      'fail',
      ['PRIVATE_PING_UNANSWERED'],
    ],
    [
      'answered once, what was since cannot be read, and none can be sent now',
      (w) => {
        w.slices.managedInstances = [];
        w.denied = ['logEvents'];
      },
      'unknown',
    ],
    ['the model would let it pass, but it is silent', both(nothing, silent), 'fail', ['PRIVATE_PING_UNANSWERED']],
    [
      'by hand, never answered',
      both(byHand, noWayBack, (w) => {
        w.events = [line(IDS.private1, IDS.private2, 30)];
      }),
      'fail',
      ['PRIVATE_PING_UNANSWERED'],
    ],
    [
      'by hand, unanswered before, and the way is open now',
      both(byHand, (w) => {
        w.events = [line(IDS.private1, IDS.private2, 4)];
      }),
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'the managed instance is not connected',
      both(unanswered, (w) => {
        w.slices.managedInstances = [{ instanceId: 'i-1', pingStatus: 'ConnectionLost' }];
      }),
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'no ping may be sent',
      both(unanswered, (w) => {
        w.denied = ['ping'];
      }),
      'unknown',
      ['PING_NOT_SENT'],
    ],
    [
      'no ping may be sent, and the way is blocked',
      both(unanswered, noWayBack, (w) => {
        w.denied = ['ping'];
      }),
      'fail',
      ['PRIVATE_PING_UNANSWERED'],
    ],
    [
      'no ping may be sent, and none was',
      both(nothing, (w) => {
        w.denied = ['ping'];
      }),
      'unknown',
      ['PING_NOT_SENT'],
    ],
    ['who is managed could not be read: the ping tells', both(nothing, managedUnread), 'pass'],
    [
      'who is managed could not be read, and no ping may be sent',
      both(nothing, managedUnread, (w) => {
        w.denied = ['ping'];
      }),
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('private-answered', change)).toEqual({ verdict, codes });
  });

  test('a ping is sent only where nothing else shows an answered one', () => {
    const kinds = (change: (world: World) => void) =>
      run('private-answered', changed(change)).asked.map(({ kind }) => kind);
    expect(kinds(() => {})).not.toContain('ping');
    expect(kinds(both(nothing, byHand))).not.toContain('ping');
    const otherManaged = (w: World) => {
      w.slices.managedInstances = [{ instanceId: 'i-2', pingStatus: 'Online' }];
    };
    expect(kinds(both(unanswered, otherManaged))).not.toContain('ping');
    expect(kinds(unanswered)).toEqual(['pings', 'logEvents', 'ping']);
  });

  test('the terminal of the ping that was sent is the evidence', () => {
    const { evidence } = run('private-answered', changed(unanswered));
    expect(evidence).toMatchObject([{ kind: 'terminal', content: expect.stringContaining('5 received') }]);
  });

  test('what stops it is named by the model, and the model alone passes nothing', () => {
    const { findings } = run('private-answered', changed(both(unanswered, noWayBack, silent)));
    expect(findings[0]?.message).toContain('the answer stops at internet gateway igw-2');
  });
});

function changed(change: (world: World) => void): World {
  const world = solved();
  change(world);
  return world;
}

describe('records that a ping of the other end has left', () => {
  const theirs = (received: number) => (world: World) => {
    byHand(world);
    world.events = pair(IDS.private2, 30);
    world.theirPings = [ping(IDS.private1, received, 30)];
  };

  test('without an answer there, they prove no answered ping of ours', () => {
    expect(outcome('private-answered', theirs(0))).toEqual({ verdict: 'fail', codes: ['PING_NOT_SEEN'] });
    expect(outcome('ping-recorded', theirs(0))).toEqual({ verdict: 'fail', codes: ['RECORD_MISSING'] });
  });

  test('answered there, they may be of that ping or of ours, so nothing is known', () => {
    for (const check of ['private-answered', 'ping-recorded'])
      expect(run(check, changed(theirs(5)))).toMatchObject({
        verdict: 'unknown',
        findings: [{ code: 'RECORDS_AMBIGUOUS' }],
      });
  });

  test('answered there at last, they may be of that ping or of ours as well', () => {
    const atLast = both(theirs(0), (w) => {
      w.theirPings.push(ping(IDS.private1, 5, 30));
    });
    expect(outcome('private-answered', atLast)).toEqual({ verdict: 'unknown', codes: ['RECORDS_AMBIGUOUS'] });
  });

  test('leave doubt where our own history shows a ping of another address only', () => {
    const otherwise = both(theirs(5), (w) => {
      w.pings = [ping(IDS.public2, 5, 30)];
    });
    expect(outcome('private-answered', otherwise)).toEqual({ verdict: 'unknown', codes: ['RECORDS_AMBIGUOUS'] });
  });

  test('prove nothing where it cannot be read whether there is such a ping', () => {
    const unread = both(theirs(5), (w) => {
      w.denied = ['pings i-2'];
    });
    for (const check of ['private-answered', 'ping-recorded'])
      expect(outcome(check, unread)).toEqual({ verdict: 'unknown', codes: [] });
  });

  test('of another time or to another address, they leave no doubt', () => {
    const others = [ping(IDS.private1, 5, 20), ping(IDS.public1, 5, 30)];
    for (const other of others)
      expect(
        run('private-answered', changed(both(theirs(5), (w) => Object.assign(w, { theirPings: [other] })))).verdict,
      ).toBe('pass');
  });

  test('are only asked for where our own history shows no such ping', () => {
    const asked = (world: World) => run('private-answered', world).asked.filter(({ kind }) => kind === 'pings');
    expect(asked(solved())).toHaveLength(1);
    expect(asked(changed(byHand))).toHaveLength(2);
  });
});

function managedUnread(world: World): void {
  Reflect.deleteProperty(world.slices, 'managedInstances');
}
