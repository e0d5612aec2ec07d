import { describe, expect, it } from 'vitest';
import { QueryStopped } from '../../../src/sandbox/insights/query.ts';
import { compileQuery } from '../../../src/sandbox/insights/run.ts';

const start = Date.UTC(2026, 10, 23, 10, 34, 56, 789);
const window = { now: start + 60_000, startTime: start - 60_000, endTime: start + 60_000 };

function run(query: string, ...messages: readonly string[]) {
  const events = messages.map((message, index) => ({
    timestamp: start + index * 1000,
    ingestionTime: start + 5000,
    message,
    stream: 'eni-0a-all',
    log: '123456789012:/aws/vpc',
    index,
  }));
  const { rows } = compileQuery(query, window)(events.toReversed(), 10_000);
  return rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

/** After the guide's example of a CloudTrail record ("Fields in JSON logs"). */
const trail = JSON.stringify({
  '@version': 1,
  userIdentity: { type: 'IAMUser', 'user-name': 'Alice' },
  requestParameters: { instancesSet: { items: [{ instanceId: 'i-abcde123' }, { instanceId: 'i-2' }] } },
  ok: true,
  none: null,
  latency: 12.5,
  ip: '10.1.5.112',
  note: ' xyZ foo ',
});

describe('An expression of Logs Insights QL', () => {
  const values: [string, string | undefined][] = [
    ['userIdentity.type', 'IAMUser'],
    ['userIdentity.`user-name`', 'Alice'],
    ['requestParameters.instancesSet.items.0.instanceId', 'i-abcde123'],
    ['requestParameters.instancesSet.items[1].instanceId', 'i-2'],
    ['@@version', '1'],
    ['none', undefined],
    ['ok', '1'],
    ['2 ^ 3', '8'],
    ['10 % 3', '1'],
    ['1 + 2 * 3 - -4 / 2', '9'],
    ['(1 + 2) * 3', '9'],
    ['1 / 0', undefined],
    ['latency / 3', '4.1667'],
    ['abs(-3) + ceil(1.2) + floor(1.8) + sqrt(16)', '10'],
    ['greatest(1, latency, 3)', '12.5'],
    ['least(5, 4)', '4'],
    ['log(1)', '0'],
    ['strlen("añ😀")', '3'],
    ['substr("xyZfooxyZ", 3, 3)', 'foo'],
    ['substr("xyZfooxyZ", 6)', 'xyZ'],
    ['replace("foo", "o", "0")', 'f00'],
    ['regexReplace("10.1.5.112", "([0-9]+)$", "<$1>")', '10.1.5.<112>'],
    ['ltrim("xyZxyfooxyZ", "xyZ")', 'fooxyZ'],
    ['rtrim("xyZfooxyxyZ", "xyZ")', 'xyZfoo'],
    ['trim("xyZxyfooxyxyZ", "xyZ")', 'foo'],
    ['trim(note)', 'xyZ foo'],
    ['toupper("a") = "A"', '1'],
    ['concat(tolower("AB"), "-", latency)', 'ab-12.5'],
    ['strcontains("foobar", "OBA", true)', '1'],
    ['strcontains("foobar", "OBA")', '0'],
    ['isempty("")', '1'],
    ['isblank(absent)', '1'],
    ['ispresent(absent)', '0'],
    ['coalesce(absent, none, ip)', '10.1.5.112'],
    ['if(latency > 10, "slow", "fast")', 'slow'],
    ['case(latency > 100, "a", latency > 10, "b", "c")', 'b'],
    ['isValidIp(ip) + isValidIpV4(ip) + isValidIpV6(ip)', '2'],
    ['isIpv4InSubnet(ip, "10.1.0.0/16")', '1'],
    ['isIpInSubnet("2001:db8::1", "2001:db8::/32")', '1'],
    ['isIpv6InSubnet(ip, "2001:db8::/32")', '0'],
    ['isPrivateIP(ip) - isPublicIP("8.8.8.8")', '0'],
    ['ipv4ToNumber("10.0.0.1")', '167772161'],
    ['bin(5m)', '2026-11-23 10:30:00.000'],
    ['bin(30 secs)', '2026-11-23 10:34:30.000'],
    ['datefloor(@timestamp, 1h)', '2026-11-23 10:00:00.000'],
    ['dateceil(@timestamp, 1h)', '2026-11-23 11:00:00.000'],
    ['datefloor(@timestamp, 1mo)', '2026-11-01 00:00:00.000'],
    ['dateceil(@timestamp, 1q)', '2027-01-01 00:00:00.000'],
    ['toMillis(@timestamp)', String(start)],
    ['fromMillis(0)', '1970-01-01 00:00:00.000'],
    ['now()', String(Math.floor(window.now / 1000))],
    ['queryTimeRange()', '120000'],
    ['@ingestionTime - @timestamp', '5000'],
    ['@log', '123456789012:/aws/vpc'],
    ['@logStream', 'eni-0a-all'],
    ['jsonStringify(jsonParse("[1, {}]"))', '[1,{}]'],
    ['jsonArrayContains("[\\"a\\"]", "a")', '1'],
  ];
  it.each(values)('%s gives %j', (expression, expected) => {
    expect(run(`fields ${expression} as x`, trail)).toEqual([expected === undefined ? {} : { x: expected }]);
  });

  it('reaches into maps and lists that another has made', () => {
    const query = 'fields jsonParse(@message) as json | fields json.userIdentity.type as type, split(ip, ".") as parts';
    expect(run(`${query} | display type, parts[1] as octet`, trail)).toEqual([{ type: 'IAMUser', octet: '1' }]);
  });

  const conditions: [string, boolean][] = [
    ['latency > 12 and ip like "10.1."', true],
    ['latency < 12 or ip =~ /^10\\./', true],
    ['not (latency > 12)', false],
    ['not not ispresent(ip)', true],
    ['ip not in ["10.1.5.112", 3]', false],
    ['latency in [12.5]', true],
    ['ip like /(?i)[/]|10/', true],
    ['@message not like /Alice/', false],
    ['absent = 1', false],
    ['absent != 1', true],
    ['ok = true', true],
    ["note = ' xyZ foo ' # a comment | filter 1 = 2", true],
  ];
  it.each(conditions)('filter %s: %s', (condition, expected) => {
    expect(run(`FILTER ${condition}`, trail)).toHaveLength(expected ? 1 : 0);
  });
});

describe('A command of Logs Insights QL', () => {
  const lines = ['a=1 b=x c=5', 'a=2 b=y c=3', 'a=10 b=x c=1', 'nothing'];
  const cases: [string, object[]][] = [
    [
      'parse "a=* b=* c=*" as a, b, c | sort a desc',
      [{ a: '10', b: 'x', c: '1' }, { a: '2', b: 'y', c: '3' }, { a: '1', b: 'x', c: '5' }, {}],
    ],
    [
      'parse @message /a=(?<@a>\\d+) b=(?<b>.)/ | filter @a > 1 | stats sum(@a) as total by b',
      [
        { b: 'x', total: '10' },
        { b: 'y', total: '2' },
      ],
    ],
    [
      'parse @message /c=(\\d)/ as c | stats min(c), max(c), avg(c), median(c), pct(c, 90), count(c), count(*)',
      [
        {
          'min(c)': '1',
          'max(c)': '5',
          'avg(c)': '3',
          'median(c)': '3',
          'pct(c, 90)': '5',
          'count(c)': '3',
          'count(*)': '4',
        },
      ],
    ],
    [
      'parse "a=* b=* " as a, b | stats earliest(b), latest(a), sortsFirst(a), sortsLast(b), count_distinct(b), stddev(a) as s',
      [
        {
          'earliest(b)': 'x',
          'latest(a)': '10',
          'sortsFirst(a)': '1',
          'sortsLast(b)': 'y',
          'count_distinct(b)': '2',
          s: '4.0277',
        },
      ],
    ],
    ['parse "c=*" as c | stats max(c) - min(c) as spread, spread * 2 as twice', [{ spread: '4', twice: '8' }]],
    [
      'fields strlen(@message) as l | stats sum(l) as bytes by bin(1s) as @t | stats max(bytes), count(*) by dateceil(@t, 1m)',
      [{ 'dateceil(@t, 1m)': '2026-11-23 10:35:00.000', 'max(bytes)': '12', 'count(*)': '4' }],
    ],
    [
      'stats count(*) by bin(1m) | sort count(*) desc, bin(1m)',
      [{ 'bin(1m)': '2026-11-23 10:34:00.000', 'count(*)': '4' }],
    ],
    ['filter @message like "z" | stats count(*)', [{ 'count(*)': '0' }]],
    ['parse "b=* " as b | dedup b | limit 1', [{}]],
    ['display @message | sort @timestamp | limit 1', [{ '@message': 'a=1 b=x c=5' }]],
    ['fields @message | where @message like /^n/', [{ '@message': 'nothing' }]],
  ];
  it.each(cases)('%s', (query, expected) => {
    expect(run(query, ...lines)).toEqual(expected);
  });

  it('sorts text before numbers, and the digits in text by their value', () => {
    const messages = ['10', '9', 'eni-10', 'eni-9', 'b'];
    expect(run('fields @message as m | sort m', ...messages).map(({ m }) => m)).toEqual([
      'b',
      'eni-9',
      'eni-10',
      '9',
      '10',
    ]);
  });

  it('takes 10,000 characters of anything', () => {
    expect(run(`fields 1${' + 1'.repeat(2000)} as x`, 'a')).toEqual([{ x: '2001' }]);
    expect(run(`filter 1 = 2${' or 1 = 2'.repeat(1000)}`, 'a')).toEqual([]);
    expect(run(`filter ${'not '.repeat(2000)}1 = 1`, 'a')).toHaveLength(1);
  });

  it('ends a query that would fill the memory', () => {
    const doubling = `fields @message as a${' | fields concat(a, a) as a'.repeat(300)}`;
    const growing = `fields @message as a${' | fields replace(a, "a", "aaaaaaaaaaaaaaaaaaaaaa") as a'.repeat(100)}`;
    for (const query of [doubling, growing]) expect(() => run(query, 'aaaa')).toThrow(QueryStopped);
  });

  it('ends in time whatever the regular expression', () => {
    const line = `${'a'.repeat(50_000)}!`;
    expect(run('filter @message like /^(a+)+$/ or @message like /(a|aa)*b/', line, line, line)).toEqual([]);
  });
});
