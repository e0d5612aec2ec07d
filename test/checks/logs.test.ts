import { describe, expect, test } from 'vitest';
import {
  byHand,
  GROUP,
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
  type World,
} from './builders.ts';

const flowLog = ({ slices }: World) => the(slices.flowLogs, 'fl-1');
const format = (text: string) => (world: World) => {
  flowLog(world).format = text;
};
const young = (world: World) => {
  flowLog(world).createdAt = NOW - 5 * MINUTE;
};

describe('the log group', () => {
  const group = (world: World) => {
    const [first] = world.slices.logGroups;
    if (!first) throw new Error('no log group');
    return first;
  };
  const rows: Row[] = [
    [
      'with any name, where the flow log writes to it',
      (w) => {
        group(w).name = 'mine';
        flowLog(w).logGroupName = 'mine';
      },
      'pass',
    ],
    [
      'before there is a flow log',
      (w) => {
        w.slices.flowLogs = [];
      },
      'pass',
    ],
    [
      'kept for ever',
      (w) => {
        delete group(w).retentionDays;
      },
      'pass',
      ['RETENTION_NEVER'],
    ],
    [
      'deleted',
      (w) => {
        w.slices.logGroups = [];
      },
      'fail',
      ['LOG_GROUP_DELETED'],
    ],
    [
      'never made',
      (w) => {
        w.slices.logGroups = [];
        w.slices.flowLogs = [];
      },
      'fail',
      ['LOG_GROUP_MISSING'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('log-group', change)).toEqual({ verdict, codes });
  });
});

describe('the flow log', () => {
  const rows: Row[] = [
    [
      'on the subnet',
      (w) => {
        flowLog(w).resourceId = 'subnet-1';
      },
      'pass',
    ],
    [
      'on the network interface',
      (w) => {
        flowLog(w).resourceId = 'eni-1';
      },
      'pass',
    ],
    [
      'on both VPCs',
      (w) => {
        w.slices.flowLogs.unshift({ ...flowLog(w), id: 'fl-2', resourceId: 'vpc-2' });
      },
      'pass',
    ],
    [
      'summed up over 10 minutes',
      (w) => {
        flowLog(w).maxAggregationSeconds = 600;
      },
      'pass',
      ['AGGREGATION_TEN_MINUTES'],
    ],
    [
      'accepted traffic only',
      (w) => {
        flowLog(w).trafficType = 'ACCEPT';
      },
      'partial',
      ['TRAFFIC_TYPE_ACCEPT'],
    ],
    [
      'rejected traffic only',
      (w) => {
        flowLog(w).trafficType = 'REJECT';
      },
      'fail',
      ['TRAFFIC_TYPE_REJECT'],
    ],
    [
      'to S3',
      (w) => {
        flowLog(w).destinationType = 's3';
      },
      'fail',
      ['DESTINATION_NOT_CLOUDWATCH'],
    ],
    [
      'not active',
      (w) => {
        flowLog(w).status = 'INACTIVE';
      },
      'fail',
      ['FLOW_LOG_NOT_ACTIVE'],
    ],
    [
      'on the default VPC',
      (w) => {
        flowLog(w).resourceId = 'vpc-0';
      },
      'fail',
      ['FLOW_LOG_ELSEWHERE'],
    ],
    [
      'none',
      (w) => {
        w.slices.flowLogs = [];
      },
      'fail',
      ['FLOW_LOG_MISSING'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('flow-log-active', change)).toEqual({ verdict, codes });
  });
});

test('a format without what proves a ping is told', () => {
  expect(outcome('flow-log-active', format('${srcaddr} ${dstaddr} ${bytes}'))).toEqual({
    verdict: 'partial',
    codes: ['FORMAT_LACKS_FIELDS'],
  });
});

describe('delivery', () => {
  const silent = (minutes: number, delivered: boolean) => (w: World) => {
    w.streams = [];
    flowLog(w).createdAt = NOW - minutes * MINUTE;
    if (!delivered) delete flowLog(w).deliverStatus;
  };
  const failed = (error: string) => (w: World) => {
    Object.assign(flowLog(w), { deliverStatus: 'FAILED', deliverError: error });
  };
  const rows: Row[] = [
    [
      'of accepted traffic only',
      (w) => {
        w.streams = [{ name: 'eni-1-accept', lastEventAt: NOW }];
      },
      'pass',
    ],
    ['a minute after the flow log was made', silent(1, false), 'waiting', ['RECORDS_PENDING']],
    ['nothing yet after 20 minutes', silent(20, false), 'waiting', ['RECORDS_PENDING']],
    ['nothing after two hours', silent(120, false), 'fail', ['NO_RECORDS']],
    ['delivers, but not this interface', silent(20, true), 'fail', ['NO_RECORDS']],
    [
      'delivers, and this instance was launched a minute ago',
      (w) => {
        silent(600, true)(w);
        Object.assign(the(w.slices.instances, 'i-1'), { launchedAt: NOW - MINUTE });
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'delivers, and this instance was launched half an hour ago',
      (w) => {
        silent(600, true)(w);
        Object.assign(the(w.slices.instances, 'i-1'), { launchedAt: NOW - 30 * MINUTE });
      },
      'fail',
      ['NO_RECORDS'],
    ],
    [
      "another interface's stream only",
      (w) => {
        w.streams = [{ name: 'eni-11-all', lastEventAt: NOW }];
      },
      'fail',
      ['NO_RECORDS'],
    ],
    [
      'an empty stream of a new flow log',
      (w) => {
        young(w);
        w.streams = [{ name: 'eni-1-all' }];
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      "an earlier flow log's stream only",
      (w) => {
        silent(1, false)(w);
        w.streams = [{ name: 'eni-1-all', lastEventAt: NOW - 30 * MINUTE }];
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'records of a new flow log, before AWS tells that it delivers',
      (w) => {
        silent(1, false)(w);
        w.streams = [{ name: 'eni-1-all', lastEventAt: NOW - MINUTE }];
      },
      'pass',
    ],
    [
      'into a group that was deleted, beside another one',
      (w) => {
        Object.assign(w.slices.logGroups[0] ?? {}, { name: 'another' });
      },
      'fail',
      ['LOG_GROUP_MISSING'],
    ],
    [
      'while another flow log, listed first, is refused',
      (w) => {
        w.slices.flowLogs.unshift({ ...flowLog(w), id: 'fl-0', resourceId: 'vpc-2', deliverStatus: 'FAILED' });
      },
      'pass',
    ],
    ['refused', failed('Access error'), 'fail', ['DELIVERY_ACCESS_ERROR']],
    ['throttled', failed('Rate limited'), 'fail', ['DELIVERY_RATE_LIMITED']],
    ['failed for no known reason', failed('Unknown error'), 'fail', ['DELIVERY_ERROR']],
    [
      'into a group that was deleted',
      (w) => {
        w.slices.logGroups = [];
      },
      'fail',
      ['LOG_GROUP_MISSING'],
    ],
    [
      'without a flow log',
      (w) => {
        w.slices.flowLogs = [];
      },
      'fail',
      ['FLOW_LOG_MISSING'],
    ],
    [
      'streams may not be listed',
      (w) => {
        w.denied = ['logStreams'];
      },
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('flow-log-delivers', change)).toEqual({ verdict, codes });
  });
});

describe('the query', () => {
  const answer = (change: object) => (w: World) => {
    for (const query of w.queries) Object.assign(query, change);
  };
  const rows: Row[] = [
    [
      'an empty one came after it',
      (w) => {
        w.queries.unshift({ id: 'q-2', query: 'limit 0', status: 'Complete', at: NOW, rows: [] });
      },
      'pass',
    ],
    [
      'a field name in lower case',
      answer({ query: 'stats sum(bytes) by srcaddr, dstaddr' }),
      'pass',
      ['FIELD_NAME_MISSPELT'],
    ],
    [
      'that parses the fields itself',
      answer({ query: 'parse @message "* * * * *" as v, a, e, srcaddr, dstaddr' }),
      'pass',
    ],
    ['no row', answer({ rows: [] }), 'fail', ['QUERY_EMPTY']],
    ['only rows without a value', answer({ rows: [{}, {}] }), 'fail', ['QUERY_EMPTY']],
    [
      'no row, and a wrong field name',
      answer({ rows: [], query: 'filter srcaddr = "10.1.0.5"' }),
      'fail',
      ['QUERY_EMPTY', 'FIELD_NAME_MISSPELT'],
    ],
    [
      'longer ago than its result is kept',
      answer({ rows: [], at: NOW - 8 * 24 * 60 * MINUTE }),
      'unknown',
      ['QUERY_EXPIRED'],
    ],
    [
      'as long ago as its result is kept',
      answer({ rows: [], at: NOW - 7 * 24 * 60 * MINUTE }),
      'fail',
      ['QUERY_EMPTY'],
    ],
    ['still running', answer({ status: 'Running', rows: [] }), 'waiting', ['QUERY_RUNNING']],
    ['cancelled', answer({ status: 'Cancelled', rows: [] }), 'fail', ['QUERY_FAILED']],
    ['rows of a query that timed out', answer({ status: 'Timeout' }), 'fail', ['QUERY_FAILED']],
    [
      'never run',
      (w) => {
        w.queries = [];
      },
      'fail',
      ['QUERY_NOT_RUN'],
    ],
    [
      'the history may not be read',
      (w) => {
        w.denied = ['queries'];
      },
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('insights-query', change)).toEqual({ verdict, codes });
  });

  test('the newest is shown, in whatever order they are listed', () => {
    const world = solved();
    const [good] = world.queries;
    if (!good) throw new Error('no query');
    const older = { ...good, id: 'q-0', query: 'fields @message', at: good.at - MINUTE };
    for (const queries of [
      [good, older],
      [older, good],
    ]) {
      world.queries = queries;
      expect(run('insights-query', world).evidence[0]?.content).toBe(good.query);
    }
  });

  test('shows the query, and its rows as a table without handles', () => {
    const world = solved();
    for (const query of world.queries) query.rows = [{ '@ptr': 'CmEK', srcAddr: '10.1.0.5 | x', bytes: '84' }];
    expect(run('insights-query', world).evidence).toMatchObject([
      { kind: 'document', content: 'stats sum(bytes) as bytesTransferred by srcAddr, dstAddr' },
      { kind: 'table', content: 'srcAddr | bytes\n10.1.0.5 x | 84' },
    ]);
  });
});

describe('the ping in the flow log', () => {
  const oneWay = (w: World) => {
    w.events = [line(IDS.private1, IDS.private2, 60)];
    w.pings = [];
  };
  const rows: Row[] = [
    ['pinged by hand', byHand, 'pass'],
    ['requests only', oneWay, 'fail', ['ONE_WAY_RECORD']],
    [
      'requests only, of two minutes ago',
      (w) => {
        oneWay(w);
        w.events = [line(IDS.private1, IDS.private2, 2)];
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'answered just now',
      (w) => {
        oneWay(w);
        w.pings = [ping(IDS.private2, 5, 3)];
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'answered an hour ago, and not recorded',
      (w) => {
        oneWay(w);
        w.pings = [ping(IDS.private2, 5, 60)];
      },
      'fail',
      ['ONE_WAY_RECORD'],
    ],
    [
      'only the public ping',
      (w) => {
        w.pings = [];
        w.events = pair(IDS.public2, 60);
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      'nothing, and the flow log is new',
      (w) => {
        w.pings = [];
        w.events = [];
        young(w);
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'answers that were turned away',
      (w) => {
        w.events = [line(IDS.private1, IDS.private2, 30), line(IDS.private2, IDS.private1, 30, { action: 'REJECT' })];
      },
      'fail',
      ['ONE_WAY_RECORD'],
    ],
    [
      'answers of another time',
      (w) => {
        w.events = [line(IDS.private1, IDS.private2, 60), line(IDS.private2, IDS.private1, 30)];
      },
      'fail',
      ['ONE_WAY_RECORD'],
    ],
    ...[-101, -100, 100, 101].map(
      (seconds): Row => [
        `answers ${seconds} seconds after the requests, of 40 seconds each: capturing may take 60`,
        (w) => {
          w.pings = [];
          w.events = [line(IDS.private1, IDS.private2, 60), line(IDS.private2, IDS.private1, 60 - seconds / 60)];
        },
        ...((Math.abs(seconds) > 100 ? ['fail', ['ONE_WAY_RECORD']] : ['pass']) as ['pass']),
      ],
    ),
    [
      'the public ping was answered a moment ago',
      (w) => {
        w.events = [];
        w.pings = [ping(IDS.public2, 5, 1)];
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      'a ping without an answer, a moment ago',
      (w) => {
        w.events = [];
        w.pings = [ping(IDS.private2, 0, 1)];
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      'nothing, and the flow log sums up over 10 minutes since 20',
      (w) => {
        w.events = [];
        w.pings = [];
        Object.assign(flowLog(w), { createdAt: NOW - 20 * MINUTE, maxAggregationSeconds: 600 });
      },
      'waiting',
      ['RECORDS_PENDING'],
    ],
    [
      'nothing, in a format that lacks fields; a whole one goes to another group',
      (w) => {
        w.events = [];
        w.slices.flowLogs.push({ ...flowLog(w), id: 'fl-2', logGroupName: 'another', resourceId: 'vpc-2' });
        format('${srcaddr} ${dstaddr} ${bytes}')(w);
      },
      'unknown',
      ['FORMAT_LACKS_FIELDS'],
    ],
    [
      'nothing, in a whole format and in one that lacks fields',
      (w) => {
        w.events = [];
        w.pings = [];
        w.slices.flowLogs.push({ ...flowLog(w), id: 'fl-2', format: '${srcaddr} ${dstaddr} ${bytes}' });
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      "the other interface's records",
      (w) => {
        w.events = [IDS.private1, IDS.private2].map((source) =>
          line(source, source === IDS.private1 ? IDS.private2 : IDS.private1, 30, { eni: 'eni-2' }),
        );
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      'SSH between the two is no ping',
      (w) => {
        w.events = [
          line(IDS.private1, IDS.private2, 30, { protocol: 6 }),
          line(IDS.private2, IDS.private1, 30, { protocol: 6 }),
        ];
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      'addresses that only begin alike',
      (w) => {
        w.pings = [];
        w.events = pair('10.2.0.70', 30);
      },
      'fail',
      ['RECORD_MISSING'],
    ],
    [
      "a format of the learner's own, without the interface",
      (w) => {
        format('${dstaddr} ${srcaddr} ${action} ${protocol}')(w);
        w.events = ['10.2.0.7 10.1.0.5 ACCEPT 1', '10.1.0.5 10.2.0.7 ACCEPT 1'].map((message) => ({
          stream: 'eni-1-all',
          at: NOW,
          message,
        }));
      },
      'pass',
    ],
    [
      'the log may not be read',
      (w) => {
        w.denied = ['logEvents'];
      },
      'unknown',
    ],
    [
      'no flow log',
      (w) => {
        w.slices.flowLogs = [];
      },
      'fail',
      ['FLOW_LOG_MISSING'],
    ],
  ];
  test.each(rows)('%s', (_, change, verdict, codes = []) => {
    expect(outcome('ping-recorded', change)).toEqual({ verdict, codes });
  });

  test('shows a raw record of each direction with every field explained', () => {
    const { evidence } = run('ping-recorded', solved());
    expect(evidence.map(({ kind }) => kind)).toEqual(['record', 'record']);
    const [request = ''] = evidence.map(({ content }) => content);
    const [raw, gap, ...table] = request.split('\n');
    expect(raw).toBe(line(IDS.private1, IDS.private2, 30).message);
    expect(gap).toBe('');
    expect(table).toHaveLength(1 + 14);
    expect(table).toContain('protocol | 1 | Protocol number 1 is ICMP. This is not a port.');
  });

  test('asks for the events of the group once, with both addresses', () => {
    expect(run('ping-recorded', solved()).asked).toContainEqual({
      kind: 'logEvents',
      logGroup: GROUP,
      anyOf: [IDS.private2, IDS.public2],
    });
  });
});
