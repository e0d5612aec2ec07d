import { describe, expect, test } from 'vitest';
import {
  canonical,
  contains,
  isAddress,
  isCidr,
  isPrivate,
  isShared,
  lastAddress,
  overlaps,
} from '../../../src/model/network/cidr.ts';

describe('an address', () => {
  test.each([
    ['10.1.2.3', true],
    ['255.255.255.255', true],
    ['10.1.2', false],
    ['10.1.2.256', false],
    ['010.1.2.3', false],
    ['0x0a010203', false],
    ['::1', false],
    ['10.1.2.3; reboot', false],
    ['10.1.2.3\n', false],
    ['', false],
  ])('%j is one: %s', (text, expected) => expect(isAddress(text)).toBe(expected));
});

describe('a block', () => {
  test('ends with its broadcast address', () => {
    expect(lastAddress('10.1.16.0/20')).toBe('10.1.31.255');
    expect(lastAddress('10.1.2.3/32')).toBe('10.1.2.3');
  });

  test.each([
    ['10.1.0.0/16', true],
    ['0.0.0.0/0', true],
    ['10.1.0.0/33', false],
    ['10.1/16', false],
    ['fd00::/8', false],
    ['pl-63a5400a', false],
  ])('%j is one: %s', (text, expected) => expect(isCidr(text)).toBe(expected));

  test.each([
    ['10.1.0.0/16', '10.1.255.255', true],
    ['10.1.0.0/16', '10.2.0.0', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['10.1.2.3/32', '10.1.2.3', true],
    ['::/0', '10.1.2.3', false],
    ['10.1.0.0/16', 'not an address', false],
  ])('%s holds %s: %s', (cidr, address, expected) => expect(contains(cidr, address)).toBe(expected));

  test.each([
    ['10.1.0.0/16', '10.2.0.0/16', false],
    ['10.1.0.0/16', '10.1.0.0/16', true],
    ['10.0.0.0/8', '10.200.3.0/24', true],
    ['10.200.3.0/24', '10.0.0.0/8', true],
    ['10.1.0.0/17', '10.1.128.0/17', false],
    ['10.1.0.0/31', '10.1.0.1/32', true],
    ['10.1.0.1/32', '10.1.0.0/31', true],
    ['10.1.0.0/16', 'fd00::/8', false],
    ['fd00::/8', '10.1.0.0/16', false],
  ])('%s overlaps %s: %s', (a, b, expected) => expect(overlaps(a, b)).toBe(expected));

  test('R8 is stored with its host bits cleared, as CreateRoute documents', () => {
    expect(canonical('100.68.0.18/18')).toBe('100.68.0.0/18');
    expect(canonical('fd00::1/8')).toBe('fd00::1/8');
  });
});

test.each([
  ['10.0.0.1', 'private'],
  ['172.15.255.255', 'public'],
  ['172.16.0.0', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'public'],
  ['192.168.1.1', 'private'],
  ['100.63.255.255', 'public'],
  ['100.64.0.0', 'shared'],
  ['100.127.255.255', 'shared'],
  ['100.128.0.0', 'public'],
])('%s is %s', (address, kind) => {
  expect(isPrivate(address) ? 'private' : isShared(address) ? 'shared' : 'public').toBe(kind);
});
