/** CloudWatch Logs by its own client, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

const now = Date.UTC(2026, 10, 23, 10);
const logGroupName = '/labs/vpc';
const logStreamName = 'eni-0a-all';

let served: Served;
beforeEach(async () => {
  served = await serve();
  await served.logs.createLogGroup({ logGroupName });
  await served.logs.createLogStream({ logGroupName, logStreamName });
});
afterEach(() => served.close());

function put(...messages: readonly string[]) {
  const logEvents = messages.map((message, index) => ({ timestamp: now - 1000 + index, message }));
  return served.logs.putLogEvents({ logGroupName, logStreamName, logEvents });
}

const request = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const trail = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  latency: 512.5,
});

// The examples of "Filter pattern syntax" in the User Guide, and what goes beyond them.
const patterns: [string, string, Record<string, string> | undefined][] = [
  ['{ $.eventType = "UpdateTrail" }', trail, { '$.eventType': 'UpdateTrail' }],
  ['{ $.eventType = Update* && $.latency >= 500 }', trail, { '$.eventType': 'UpdateTrail', '$.latency': '512.5' }],
  ['{ $.sourceIPAddress != 123.123.* }', trail, { '$.sourceIPAddress': '111.111.111.111' }],
  ['{ $.arrayKey[0] = "value" }', trail, { '$.arrayKey.0': 'value' }],
  ['{ $.objectList[1].id = 2 }', trail, { '$.objectList.1.id': '2' }],
  ['{ $.objectList[*].name = "b" }', trail, { '$.objectList.*.name': 'b' }],
  ['{ $.SomeObject IS NULL }', trail, {}],
  ['{ $.SomeOtherObject NOT EXISTS }', trail, {}],
  ['{ $.ThisFlag IS TRUE }', trail, { '$.ThisFlag': 'true' }],
  ['{ $.arrayKey = 1 || $.arrayKey != 1 }', trail, undefined],
  ['{ ($.latency < 1 || $.ThisFlag IS TRUE) && $.eventType = nomatch }', trail, undefined],
  ['{ $.eventType = %^Up.*l$% }', trail, { '$.eventType': 'UpdateTrail' }],
  ['{ $.eventType = "UpdateTrail" }', 'no JSON', undefined],
  [
    '[..., request=*.html*, status_code=4*,]',
    request,
    {
      $1: '127.0.0.1',
      $2: '-',
      $3: 'frank',
      $4: '10/Oct/2000:13:25:15 -0700',
      $request: 'GET /index.html HTTP/1.0',
      $status_code: '404',
      $7: '1534',
    },
  ],
  ['[ip, user, username, timestamp, request, status_code = 4* && status_code != 404, bytes]', request, undefined],
  ['[w1=ERROR || w1=WARN, w2]', 'WARN message', { $w1: 'WARN', $w2: 'message' }],
  ['[w1=ERROR || w1=WARN, w2]', 'WARN ERROR message', undefined],
  ['[..., bytes > 1500]', request, expect.objectContaining({ $bytes: '1534' })],
  ['?ERROR ?WARN', 'WARN message', {}],
  ['ERROR -WARN', 'ERROR WARN', undefined],
  ['%4[0-9]{2}%', request, {}],
  ['', request, {}],
];

describe('Filter patterns', () => {
  it.each(patterns)('%s on %s', async (filterPattern, message, expected) => {
    const { matches } = await served.logs.testMetricFilter({ filterPattern, logEventMessages: [message] });
    expect(there(matches).map(({ extractedValues }) => extractedValues)).toEqual(expected ? [expected] : []);
    await put(message);
    const { events } = await served.logs.filterLogEvents({ logGroupName, filterPattern });
    expect(events).toHaveLength(expected ? 1 : 0);
  });

  const refused = [
    '{ $.a',
    '{ a = 1 }',
    '{ $.a < x }',
    '[a, b',
    '[..., a, ...]',
    '{ $.a = %(% }',
    'a.b',
    `{${'('.repeat(500)}`,
  ];
  it.each(refused)('%s is none', async (filterPattern) => {
    const { code } = await refusal(served.logs.filterLogEvents({ logGroupName, filterPattern }));
    expect(code).toBe('InvalidParameterException');
  });
});

describe('Log events', () => {
  it('come in pages of 1 MB from FilterLogEvents and GetLogEvents', async () => {
    const large = 'x'.repeat(400_000);
    for (const count of [1, 2, 3, 4, 5]) await put(`${count}${large}`);
    const pages: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await served.logs.filterLogEvents({ logGroupName, nextToken });
      pages.push(there(page.events).length);
      nextToken = page.nextToken;
    } while (nextToken);
    expect(pages).toEqual([2, 2, 1]);
    const { events } = await served.logs.getLogEvents({ logGroupName, logStreamName });
    expect(there(events).map(({ message }) => message?.[0])).toEqual(['4', '5']);
  });

  it('have ids of which no two are the same', async () => {
    await put('a', 'a');
    await served.logs.createLogStream({ logGroupName, logStreamName: 'other' });
    const logEvents = [{ timestamp: now - 1000, message: 'a' }];
    await served.logs.putLogEvents({ logGroupName, logStreamName: 'other', logEvents });
    const { events } = await served.logs.filterLogEvents({ logGroupName });
    const ids = there(events).map(({ eventId }) => there(eventId));
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /^\d{56}$/.test(id))).toBe(true);
  });

  const batches: [string, () => Promise<unknown>, string][] = [
    ['none', () => put(), 'length greater than or equal to 1'],
    ['an empty one', () => put(''), 'length greater than or equal to 1'],
    ['more than 1 MB of them', () => put('x'.repeat(600_000), 'x'.repeat(600_000)), 'Upload too large: 1200052 bytes'],
  ];
  it.each(batches)('PutLogEvents refuses %s', async (_what, call, message) => {
    expect(await refusal(call())).toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
});

describe('Log groups', () => {
  it('have the same tags by the old API and the new', async () => {
    const resourceArn = `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`;
    await served.logs.tagLogGroup({ logGroupName, tags: { lab: 'vpc', step: '1' } });
    await served.logs.tagResource({ resourceArn, tags: { step: '2' } });
    await served.logs.untagLogGroup({ logGroupName, tags: ['lab'] });
    expect((await served.logs.listTagsForResource({ resourceArn })).tags).toEqual({ step: '2' });
    expect((await served.logs.listTagsLogGroup({ logGroupName })).tags).toEqual({ step: '2' });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
    expect((await refusal(served.logs.tagResource({ resourceArn, tags: many }))).code).toBe('TooManyTagsException');
    const reserved = served.logs.tagLogGroup({ logGroupName, tags: { 'aws:x': '' } });
    expect((await refusal(reserved)).code).toBe('InvalidParameterException');
  });

  it('have neither metric nor subscription filters', async () => {
    expect((await served.logs.describeMetricFilters({ logGroupName })).metricFilters).toEqual([]);
    expect((await served.logs.describeSubscriptionFilters({ logGroupName })).subscriptionFilters).toEqual([]);
    const gone = await refusal(served.logs.deleteMetricFilter({ logGroupName, filterName: 'x' }));
    expect(gone).toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('are found by patterns of ListLogGroups', async () => {
    for (const name of ['/aws/lambda/a', 'discovery']) await served.logs.createLogGroup({ logGroupName: name });
    const { logGroups } = await served.logs.listLogGroups({ logGroupNamePattern: '^/aws/lambda|vpc' });
    expect(there(logGroups).map((group) => group.logGroupName)).toEqual(['/aws/lambda/a', '/labs/vpc']);
  });
});

describe('Logs Insights', () => {
  const times = { startTime: now / 1000 - 60, endTime: now / 1000 + 60 };

  it('says where a query is malformed', async () => {
    const call = served.logs.startQuery({ logGroupName, ...times, queryString: 'fields @message\n| srt @message' });
    await expect(call).rejects.toMatchObject({
      name: 'MalformedQueryException',
      queryCompileError: {
        location: { startCharOffset: 18, endCharOffset: 21 },
        message: 'unexpected symbol found srt at line 2 and position 2',
      },
    });
  });

  it('gives rows whose @ptr leads to the whole record', async () => {
    await put(trail);
    const { queryId } = await served.logs.startQuery({ logGroupName, ...times, queryString: 'fields latency' });
    served.pass(5);
    const { status, results } = await served.logs.getQueryResults({ queryId: there(queryId) });
    expect(status).toBe('Complete');
    const pointer = there(results)[0]?.find(({ field }) => field === '@ptr')?.value;
    const { logRecord } = await served.logs.getLogRecord({ logRecordPointer: there(pointer) });
    expect(logRecord).toMatchObject({ '@message': trail, latency: '512.5', 'objectList.1.id': '2' });
  });

  it('runs 100 queries at a time', async () => {
    const query = { logGroupName, ...times, queryString: 'fields @message' };
    for (let count = 0; count < 100; count += 1) await served.logs.startQuery(query);
    expect((await refusal(served.logs.startQuery(query))).code).toBe('LimitExceededException');
    served.pass(5);
    expect((await served.logs.startQuery(query)).queryId).toBeDefined();
  });
});
