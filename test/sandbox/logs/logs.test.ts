import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../../src/sandbox/services/logs/index.ts';
import { type LabWorld, labWorld, start } from '../lab-world.ts';

let lab: LabWorld;
beforeEach(() => {
  lab = labWorld();
});

function send<Output = object>(operation: string, input: object): Output {
  return lab.send(operations, operation, input) as Output;
}

function refusal(code: string, message?: string): unknown {
  return expect.objectContaining({ code, ...(message ? { message: expect.stringContaining(message) } : {}) });
}

function group(name = 'flow-logs'): { logGroupName: string } {
  return { logGroupName: name };
}

function put(stream: string, ...events: readonly [number, string][]): Logs.PutLogEventsResponse {
  const logEvents = events.map(([timestamp, message]) => ({ timestamp, message }));
  return send('PutLogEvents', { ...group(), logStreamName: stream, logEvents });
}

describe('log groups', () => {
  it('are listed by prefix and pattern, page by page, with both forms of the ARN', () => {
    for (const name of ['b', 'a', '/aws/vpc/flow-logs']) send('CreateLogGroup', group(name));
    const first = send<Logs.DescribeLogGroupsResponse>('DescribeLogGroups', { limit: 2 });
    expect(first.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/aws/vpc/flow-logs', 'a']);
    expect(first.logGroups?.[1]).toMatchObject({
      arn: 'arn:aws:logs:us-west-2:123456789012:log-group:a:*',
      logGroupArn: 'arn:aws:logs:us-west-2:123456789012:log-group:a',
    });
    const rest = send<Logs.DescribeLogGroupsResponse>('DescribeLogGroups', { limit: 2, nextToken: first.nextToken });
    expect(rest.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['b']);
    expect(rest.nextToken).toBeUndefined();
    expect(send('DescribeLogGroups', { logGroupNamePrefix: '/aws/' })).toMatchObject({ logGroups: [{}] });
    expect(send('DescribeLogGroups', { logGroupNamePattern: 'flow' })).toMatchObject({ logGroups: [{}] });
    expect(send('DescribeLogGroups', { logGroupNamePattern: 'FLOW' })).toMatchObject({ logGroups: [] });
  });

  it('keep their retention and tags', () => {
    send('CreateLogGroup', { ...group(), tags: { lab: 'vpc' } });
    send('PutRetentionPolicy', { ...group(), retentionInDays: 7 });
    expect(send('DescribeLogGroups', {})).toMatchObject({ logGroups: [{ retentionInDays: 7 }] });
    send('DeleteRetentionPolicy', group());
    expect(
      send<Logs.DescribeLogGroupsResponse>('DescribeLogGroups', {}).logGroups?.[0]?.retentionInDays,
    ).toBeUndefined();
    const resourceArn = 'arn:aws:logs:us-west-2:123456789012:log-group:flow-logs';
    send('TagResource', { resourceArn, tags: { owner: 'me' } });
    send('UntagResource', { resourceArn, tagKeys: ['lab'] });
    expect(send('ListTagsForResource', { resourceArn })).toEqual({ tags: { owner: 'me' } });
  });

  const refused: [string, object, string][] = [
    ['CreateLogGroup', { logGroupName: 'there' }, 'ResourceAlreadyExistsException'],
    ['CreateLogGroup', { logGroupName: 'no spaces' }, 'InvalidParameterException'],
    ['CreateLogGroup', {}, 'InvalidParameterException'],
    ['DeleteLogGroup', { logGroupName: 'absent' }, 'ResourceNotFoundException'],
    ['PutRetentionPolicy', { logGroupName: 'there', retentionInDays: 8 }, 'InvalidParameterException'],
    ['DescribeLogGroups', { limit: 51 }, 'InvalidParameterException'],
    ['DescribeLogGroups', { nextToken: 'mine' }, 'InvalidParameterException'],
    ['CreateLogStream', { logGroupName: 'absent', logStreamName: 's' }, 'ResourceNotFoundException'],
    ['CreateLogStream', { logGroupName: 'there', logStreamName: 'a:b' }, 'InvalidParameterException'],
    ['GetLogEvents', { logGroupName: 'there', logStreamName: 'absent' }, 'ResourceNotFoundException'],
    ['GetLogEvents', { logGroupName: 'there', logStreamName: 'constructor' }, 'ResourceNotFoundException'],
    ['CreateLogStream', { logGroupName: 'there', logStreamName: '__proto__' }, 'InvalidParameterException'],
    ['FilterLogEvents', { logGroupName: 'there', filterPattern: '[a, b=1' }, 'InvalidParameterException'],
    ['FilterLogEvents', { logGroupName: 'there', filterPattern: '10.1.2.3' }, 'InvalidParameterException'],
  ];
  it.each(refused)('%s of %j is refused with AWS’s code', (operation, input, code) => {
    send('CreateLogGroup', group('there'));
    expect(() => send(operation, input)).toThrow(refusal(code));
  });
});

describe('log events', () => {
  beforeEach(() => {
    send('CreateLogGroup', group());
    for (const logStreamName of ['one', 'two']) send('CreateLogStream', { ...group(), logStreamName });
  });

  it('reject what is out of order, too old or too new, and keep the rest', () => {
    expect(() => put('one', [start + 1, 'b'], [start, 'a'])).toThrow(refusal('InvalidParameterException', 'order'));
    const day = 86_400_000;
    expect(put('one', [start - 15 * day, 'old']).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const answer = put('one', [start, 'kept'], [start + day / 2, 'new']);
    expect(answer.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    send('PutRetentionPolicy', { ...group(), retentionInDays: 1 });
    expect(put('one', [start - 2 * day, 'expired']).rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(() => put('one', [start - day, 'a'], [start + 1, 'b'])).toThrow(
      refusal('InvalidParameterException', '24 hours'),
    );
    expect(send('GetLogEvents', { ...group(), logStreamName: 'one' })).toMatchObject({ events: [{ message: 'kept' }] });
  });

  it('are read along a stream with tokens that repeat at its end', () => {
    put('one', ...Array.from({ length: 5 }, (_, index): [number, string] => [start + index, `event ${index}`]));
    const read = (more: object) =>
      send<Logs.GetLogEventsResponse>('GetLogEvents', { ...group(), logStreamName: 'one', limit: 2, ...more });
    const messages = (answer: Logs.GetLogEventsResponse) => answer.events?.map(({ message }) => message);
    expect(messages(read({}))).toEqual(['event 3', 'event 4']);
    expect(messages(read({ startTime: start + 1, endTime: start + 3 }))).toEqual(['event 1', 'event 2']);
    const first = read({ startFromHead: true });
    expect(messages(first)).toEqual(['event 0', 'event 1']);
    const second = read({ nextToken: first.nextForwardToken });
    expect(messages(second)).toEqual(['event 2', 'event 3']);
    const last = read({ nextToken: second.nextForwardToken });
    expect(messages(last)).toEqual(['event 4']);
    expect(read({ nextToken: last.nextForwardToken }).nextForwardToken).toBe(last.nextForwardToken);
    expect(messages(read({ nextToken: second.nextBackwardToken }))).toEqual(['event 0', 'event 1']);
  });

  it('are in order of time, in whatever order they arrived', () => {
    put('one', [start + 10, 'second']);
    put('one', [start, 'first']);
    const answer = send<Logs.GetLogEventsResponse>('GetLogEvents', { ...group(), logStreamName: 'one' });
    expect(answer.events?.map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('order streams by their newest event', () => {
    put('one', [start + 5, 'late']);
    put('two', [start, 'early']);
    const answer = send<Logs.DescribeLogStreamsResponse>('DescribeLogStreams', {
      ...group(),
      orderBy: 'LastEventTime',
      descending: true,
    });
    expect(
      answer.logStreams?.map(({ logStreamName, lastEventTimestamp }) => [logStreamName, lastEventTimestamp]),
    ).toEqual([
      ['one', start + 5],
      ['two', start],
    ]);
  });

  const patterns: [string, string[]][] = [
    ['', ['a REJECT 10.1.5.112', 'b ACCEPT 10.1.5.112', 'c REJECT 10.2.15.210']],
    ['REJECT', ['a REJECT 10.1.5.112', 'c REJECT 10.2.15.210']],
    ['reject', []],
    ['REJECT "10.1.5.112"', ['a REJECT 10.1.5.112']],
    ['?"10.2.15.210" ?ACCEPT', ['b ACCEPT 10.1.5.112', 'c REJECT 10.2.15.210']],
    ['REJECT -"10.1.5.112"', ['c REJECT 10.2.15.210']],
  ];
  it.each(patterns)('match the filter pattern %j across streams, in order of time', (filterPattern, expected) => {
    put('one', [start, 'a REJECT 10.1.5.112'], [start + 2, 'c REJECT 10.2.15.210']);
    put('two', [start + 1, 'b ACCEPT 10.1.5.112']);
    const answer = send<Logs.FilterLogEventsResponse>('FilterLogEvents', { ...group(), filterPattern });
    expect(answer.events?.map(({ message }) => message)).toEqual(expected);
  });

  it('are filtered by time (both ends included), stream and page', () => {
    put('one', [start, 'a'], [start + 10, 'b'], [start + 20, 'c']);
    put('two', [start + 10, 'd']);
    const filter = (more: object) => send<Logs.FilterLogEventsResponse>('FilterLogEvents', { ...group(), ...more });
    const messages = (answer: Logs.FilterLogEventsResponse) => answer.events?.map(({ message }) => message);
    expect(messages(filter({ startTime: start + 10, endTime: start + 20 }))).toEqual(['b', 'd', 'c']);
    expect(messages(filter({ logStreamNames: ['two'] }))).toEqual(['d']);
    const first = filter({ limit: 3 });
    expect(messages(filter({ limit: 3, nextToken: first.nextToken }))).toEqual(['c']);
    expect(filter({ limit: 4 }).nextToken).toBeUndefined();
  });

  it('disappear when their retention has passed', () => {
    put('one', [start, 'old']);
    send('PutRetentionPolicy', { ...group(), retentionInDays: 1 });
    lab.now = start + 2 * 86_400_000;
    expect(send('FilterLogEvents', group())).toMatchObject({ events: [] });
  });
});

describe('Logs Insights queries', () => {
  const from = Math.floor(start / 1000);
  const query = { ...group(), startTime: from, endTime: from + 60, queryString: 'fields @message | sort @message' };
  beforeEach(() => {
    send('CreateLogGroup', group());
    send('CreateLogStream', { ...group(), logStreamName: 'one' });
    put('one', [start - 1000, 'before'], [start, 'first'], [start + 60_999, 'last'], [start + 61_000, 'after']);
  });

  it('run for a moment, then give the events of both end seconds included', () => {
    const { queryId } = send<Logs.StartQueryResponse>('StartQuery', query);
    expect(send('GetQueryResults', { queryId })).toMatchObject({ status: 'Scheduled', results: [] });
    lab.now += 500;
    expect(send('GetQueryResults', { queryId })).toMatchObject({ status: 'Running', results: [] });
    lab.now += 500;
    expect(send('GetQueryResults', { queryId })).toMatchObject({
      status: 'Complete',
      results: [
        [{ field: '@message', value: 'first' }, { field: '@ptr' }],
        [{ field: '@message', value: 'last' }, { field: '@ptr' }],
      ],
      statistics: { recordsMatched: 2, recordsScanned: 2, bytesScanned: 9 },
    });
  });

  it('keep their results when later events arrive', () => {
    const { queryId } = send<Logs.StartQueryResponse>('StartQuery', query);
    lab.now += 1000;
    put('one', [start + 1, 'late']);
    expect(send<Logs.GetQueryResultsResponse>('GetQueryResults', { queryId }).results).toHaveLength(2);
  });

  it('are listed newest first and can be stopped', () => {
    const { queryId } = send<Logs.StartQueryResponse>('StartQuery', query);
    expect(send('StopQuery', { queryId })).toEqual({ success: true });
    send('StartQuery', { ...query, logGroupName: undefined, logGroupNames: ['flow-logs'] });
    lab.now += 1000;
    expect(send('DescribeQueries', group())).toMatchObject({
      queries: [{ status: 'Complete', queryString: query.queryString }, { status: 'Cancelled' }],
    });
    expect(send('DescribeQueries', { status: 'Cancelled' })).toMatchObject({ queries: [{ queryId }] });
    expect(() => send('StopQuery', { queryId })).toThrow(refusal('InvalidParameterException'));
  });

  const refused: [object, string, string?][] = [
    [
      { ...query, queryString: 'fields @message\n| explode 1' },
      'MalformedQueryException',
      'explode at line 2 and position 2',
    ],
    [{ ...query, logGroupName: 'absent' }, 'ResourceNotFoundException'],
    [{ ...query, logGroupNames: ['flow-logs'] }, 'InvalidParameterException'],
    [{ ...query, logGroupName: undefined }, 'InvalidParameterException'],
    [{ ...query, endTime: from - 1 }, 'InvalidParameterException'],
    [{ ...query, limit: 100_001 }, 'InvalidParameterException'],
    [{ ...query, queryLanguage: 'SQL' }, 'InvalidParameterException'],
  ];
  it.each(refused)('refuses %j with %s', (input, code, message) => {
    expect(() => send('StartQuery', input)).toThrow(refusal(code, message));
  });

  it('refuses a query of more than 10,000 characters', () => {
    const queryString = `fields ${'x'.repeat(10_000)}`;
    expect(() => send('StartQuery', { ...query, queryString })).toThrow(refusal('InvalidParameterException', '10000'));
  });

  it('knows no query of another id', () => {
    expect(() => send('GetQueryResults', { queryId: 'absent' })).toThrow(refusal('ResourceNotFoundException'));
  });
});
