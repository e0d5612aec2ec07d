import { describe, expect, it } from 'vitest';
import { QueryError } from '../../../src/sandbox/insights/query.ts';
import type { ScannedEvent } from '../../../src/sandbox/insights/row.ts';
import { compileQuery } from '../../../src/sandbox/insights/run.ts';

const start = Date.UTC(2026, 10, 23, 10, 0, 0);
const records = [
  '10.1.5.112 10.2.15.210 0 0 1 5 420 ACCEPT',
  '10.2.15.210 10.1.5.112 0 0 1 5 420 ACCEPT',
  '10.1.5.112 10.2.15.210 0 0 1 3 252 ACCEPT',
  '92.255.57.45 10.1.5.112 56121 1260 6 1 40 REJECT',
  '92.255.57.45 10.1.5.112 56122 23 6 1 44 REJECT',
  '147.185.132.233 10.1.5.112 49191 34435 6 1 44 REJECT',
  '18.237.140.165 10.1.5.112 41532 22 6 4 344 ACCEPT',
];

/** A record a minute, in the default format. */
const events = records.map((record, index) => {
  const [source, destination, sourcePort, destinationPort, protocol, packets, bytes, action] = record.split(' ');
  const at = start + index * 60_000;
  const seconds = at / 1000;
  const flow = [source, destination, sourcePort, destinationPort, protocol, packets, bytes].join(' ');
  return {
    timestamp: at,
    ingestionTime: at + 120_000,
    message: `2 123456789012 eni-0aaaaaaaaaaaaaaaa ${flow} ${seconds} ${seconds + 20} ${action} OK`,
    stream: 'eni-0aaaaaaaaaaaaaaaa-all',
    log: '123456789012:flow-logs',
    index,
  };
});
const window = { now: start + 3_600_000, startTime: start, endTime: start + 3_600_000 };

function pointer(index: number): string {
  const at = start + index * 60_000;
  return Buffer.from(`123456789012:flow-logs:eni-0aaaaaaaaaaaaaaaa-all:${at}:${index}`).toString('base64');
}

function run(query: string, limit = 10_000, scanned: readonly ScannedEvent[] = events) {
  const { rows, ...statistics } = compileQuery(query, window)(scanned.toReversed(), limit);
  return { rows: rows.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value]))), statistics };
}

describe('Logs Insights over flow-log records', () => {
  it('answers the lab query: top 10 byte transfers by source and destination', () => {
    const { rows, statistics } = run(
      'stats sum(bytes) as bytesTransferred by srcAddr, dstAddr\n| sort bytesTransferred desc\n| limit 10',
    );
    expect(rows).toEqual([
      { srcAddr: '10.1.5.112', dstAddr: '10.2.15.210', bytesTransferred: '672' },
      { srcAddr: '10.2.15.210', dstAddr: '10.1.5.112', bytesTransferred: '420' },
      { srcAddr: '18.237.140.165', dstAddr: '10.1.5.112', bytesTransferred: '344' },
      { srcAddr: '92.255.57.45', dstAddr: '10.1.5.112', bytesTransferred: '84' },
      { srcAddr: '147.185.132.233', dstAddr: '10.1.5.112', bytesTransferred: '44' },
    ]);
    expect(statistics).toMatchObject({ recordsScanned: 7, recordsMatched: 7 });
  });

  it('answers the rejected-requests query of the console', () => {
    const { rows, statistics } = run(
      'filter action="REJECT" | stats count(*) as numRejections by srcAddr | sort numRejections desc | limit 20',
    );
    expect(rows).toEqual([
      { srcAddr: '92.255.57.45', numRejections: '2' },
      { srcAddr: '147.185.132.233', numRejections: '1' },
    ]);
    expect(statistics.recordsMatched).toBe(3);
  });

  // The console's queries for VPC flow logs, and those of "Sample queries" in the User Guide.
  const samples: [string, object[]][] = [
    [
      'stats avg(bytes), min(bytes), max(bytes) by srcAddr, dstAddr | sort srcAddr, dstAddr | limit 1',
      [
        {
          srcAddr: '10.1.5.112',
          dstAddr: '10.2.15.210',
          'avg(bytes)': '336',
          'min(bytes)': '252',
          'max(bytes)': '420',
        },
      ],
    ],
    ['filter protocol=17 | stats count(*) by srcAddr', []],
    [
      'stats sum(packets) as packetsTransferred by srcAddr, dstAddr\n    | sort packetsTransferred  desc\n    | limit 2',
      [
        { srcAddr: '10.1.5.112', dstAddr: '10.2.15.210', packetsTransferred: '8' },
        { srcAddr: '10.2.15.210', dstAddr: '10.1.5.112', packetsTransferred: '5' },
      ],
    ],
    [
      'filter isIpv4InSubnet(srcAddr, "92.255.57.0/24") | stats sum(bytes) as bytesTransferred by dstAddr | sort bytesTransferred desc | limit 15',
      [{ dstAddr: '10.1.5.112', bytesTransferred: '84' }],
    ],
    ['stats count(*) by dstPort | stats count(*) as ports, max(count(*)) > 0 as some', [{ ports: '5', some: '1' }]],
    ['filter logStatus="SKIPDATA" | stats count(*) by bin(1h) as t | sort t', []],
    [
      "fields srcAddr, dstPort | filter interfaceId = 'eni-0aaaaaaaaaaaaaaaa' | sort @timestamp desc | dedup srcAddr, dstAddr, protocol | limit 2",
      [
        { srcAddr: '18.237.140.165', dstPort: '22', '@ptr': pointer(6) },
        { srcAddr: '147.185.132.233', dstPort: '34435', '@ptr': pointer(5) },
      ],
    ],
    [
      "filter (dstAddr like '10.1.' and srcAddr not like '10.') | stats sum(bytes) as bytesTransferred by srcAddr, dstAddr | sort bytesTransferred desc | limit 1",
      [{ srcAddr: '18.237.140.165', dstAddr: '10.1.5.112', bytesTransferred: '344' }],
    ],
  ];
  it.each(samples)('answers the sample query %s', (query, expected) => {
    expect(run(query).rows).toEqual(expected);
  });

  it('answers the default query of the console, newest first, with @ptr', () => {
    const { rows } = run('fields @timestamp, @message | sort @timestamp desc | limit 2');
    expect(rows).toEqual([
      { '@timestamp': '2026-11-23 10:06:00.000', '@message': events[6]?.message, '@ptr': pointer(6) },
      { '@timestamp': '2026-11-23 10:05:00.000', '@message': events[5]?.message, '@ptr': pointer(5) },
    ]);
  });

  it('shows time and message of the newest events first where the query says nothing of it', () => {
    expect(run('limit 1').rows).toEqual(run('fields @timestamp, @message | sort @timestamp desc | limit 1').rows);
  });

  const filters: [string, number][] = [
    ['srcAddr = "10.1.5.112" and protocol = 1', 2],
    ['srcAddr = "10.1.5.112" or dstAddr = "10.2.15.210"', 2],
    ['protocol = "1"', 3],
    ['protocol=6 and not action="ACCEPT"', 3],
    ['(protocol = 6 or protocol = 17) and bytes >= 44', 3],
    ['bytes > 252 and bytes < 420', 1],
    ['dstPort in [22, 23]', 2],
    ['dstPort not in [22, 23]', 5],
    ['srcAddr like /^10\\.[12]\\./', 3],
    ['srcAddr not like "10."', 4],
    ['@message =~ /(?i)reject/', 3],
    ['ispresent(vpcId)', 0],
    ['action != "REJECT"', 4],
    ["action = 'REJECT' # only strangers", 3],
    ['@timestamp >= 1795428300000', 2],
  ];
  it.each(filters)('filter %s keeps %i records', (condition, expected) => {
    expect(run(`filter ${condition}`).rows).toHaveLength(expected);
  });

  it('aggregates without aliases under the text of the expression', () => {
    expect(run('stats count(*), avg(bytes), min(bytes), max(packets) by protocol | sort protocol').rows).toEqual([
      { protocol: '1', 'count(*)': '3', 'avg(bytes)': '364', 'min(bytes)': '252', 'max(packets)': '5' },
      { protocol: '6', 'count(*)': '4', 'avg(bytes)': '118', 'min(bytes)': '40', 'max(packets)': '4' },
    ]);
  });

  it('groups by time with bin()', () => {
    expect(run('stats count(*) as records by bin(5m) as window | sort window').rows).toEqual([
      { window: '2026-11-23 10:00:00.000', records: '5' },
      { window: '2026-11-23 10:05:00.000', records: '2' },
    ]);
  });

  it('keeps the first of each with dedup, and shows only what display names', () => {
    expect(run('fields srcAddr, bytes | sort @timestamp asc | dedup srcAddr | limit 3').rows).toEqual([
      { srcAddr: '10.1.5.112', bytes: '420', '@ptr': pointer(0) },
      { srcAddr: '10.2.15.210', bytes: '420', '@ptr': pointer(1) },
      { srcAddr: '92.255.57.45', bytes: '40', '@ptr': pointer(3) },
    ]);
    expect(run('fields bytes | sort bytes | display srcAddr | limit 1').rows).toEqual([
      { srcAddr: '92.255.57.45', '@ptr': pointer(3) },
    ]);
  });

  it('sorting by a field that stats has dropped leaves the order of the groups', () => {
    const by = 'stats sum(bytes) by srcAddr';
    expect(run(`${by} | sort @timestamp desc`).rows).toEqual(run(by).rows);
  });

  it('discovers no fields in a line of another format', () => {
    const message = 'eni-0aaaaaaaaaaaaaaaa 10.1.5.112 10.2.15.210 ACCEPT';
    const { rows } = run(
      'filter ispresent(srcAddr)',
      10,
      events.slice(0, 1).map((event) => ({ ...event, message })),
    );
    expect(rows).toEqual([]);
  });

  const malformed: [string, string, number][] = [
    ['', '<EOF>', 0],
    ['stats sum(bytes by srcAddr', 'by', 16],
    ['fields @message | parse @message "* *" as a', 'wildcards (2)', 33],
    ['parse @message /user=(.*)/', 'must name', 15],
    ['parse @message /(?=x)(?<y>.)/', 'invalid regular expression', 15],
    ['parse @message logfmt', 'logfmt', 15],
    ['fields @message | pattern @message', 'pattern', 18],
    ['filter isIpInSubnet(srcAddr, "10.0.0")', 'subnet', 29],
    ['stats count(*) by srcAddr | stats max(bytes)', 'bytes', 38],
    ['stats count(*) by srcAddr | stats count(*) by bin(5m)', '@timestamp', 46],
    ['stats count(*) | stats count(*) | stats count(*)', 'stats', 34],
    ['limit 10 | stats count(*) | stats count(*)', 'limit', 0],
    ['stats sum(max(bytes))', 'max', 10],
    ['limit 0', 'limit', 0],
    ['fields @message | srt @timestamp', 'srt', 18],
    ['stats pct(bytes, ninety)', 'ninety', 17],
    ['filter action', 'condition', 7],
    ['filter action ~ "x"', '~', 14],
    ['fields bytes *', '<EOF>', 14],
    ['fields strlength(@message)', 'strlength', 7],
    ['fields strlen()', 'arguments', 7],
    ['filter count(*) > 1', 'count', 7],
    ['filter action = "REJECT', '"', 16],
    ['limit ten', 'ten', 6],
    ['fields srcAddr | dedup srcAddr | sort srcAddr', 'sort', 33],
    ['SOURCE logGroups() | fields @message', 'SOURCE', 0],
    ['filter @message like /(/', 'regular expression', 21],
    ['stats count(*) by bin(5 parsecs)', 'parsecs', 24],
    ['stats count(*) by bin(0m)', 'period', 22],
  ];
  it.each(malformed)('refuses %j, naming %s', (query, named, position) => {
    const parse = () => compileQuery(query, window);
    expect(parse).toThrow(QueryError);
    expect(parse).toThrow(expect.objectContaining({ message: expect.stringContaining(named) }));
    expect(parse).toThrow(expect.objectContaining({ place: expect.objectContaining({ start: position }) }));
  });

  it('refuses endless nesting instead of running out of stack', () => {
    expect(() => compileQuery(`filter ${'('.repeat(5000)}`, window)).toThrow('too many nested conditions');
  });
});
