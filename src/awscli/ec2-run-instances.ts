/** `--count`, `--user-data` as plain text, and the first interface's options (addcount.py, runinstances.py). */
import { Misuse } from './misuse.ts';
import type { Option, Parameters } from './option.ts';
import { loaded } from './value.ts';

const count: Option = {
  name: 'count',
  takes: 'one',
  about: 'how many instances: a number, or min:max',
  set(input, [value]) {
    const [, min, max = min] = /^(\d+)(?::(\d+))?$/.exec(String(value)) ?? [];
    if (min === undefined) throw new Misuse('count parameter should be of form min[:max] (e.g. 1 or 1:10)');
    input.MinCount = Number(min);
    input.MaxCount = Number(max);
  },
};

const userData: Option = {
  name: 'user-data',
  takes: 'one',
  shape: { kind: 'string' },
  about: 'plain text, file:// or fileb://: it is encoded for you',
  set(input, [value = '']) {
    input.UserData = Buffer.from(loaded('user-data', value)).toString('base64');
  },
};

const interfaceOptions: readonly Option[] = [
  onInterface('secondary-private-ip-addresses', 'many', 'PrivateIpAddresses', (given) =>
    given.map((address) => ({ PrivateIpAddress: address, Primary: false })),
  ),
  onInterface('secondary-private-ip-address-count', 'one', 'SecondaryPrivateIpAddressCount', ([value]) => {
    if (value === undefined || !/^\d+$/.test(value))
      throw new Misuse(`argument --secondary-private-ip-address-count: invalid int value: '${value}'`);
    return Number(value);
  }),
  onInterface('associate-public-ip-address', 'nothing', 'AssociatePublicIpAddress', () => true),
  onInterface('no-associate-public-ip-address', 'nothing', 'AssociatePublicIpAddress', () => false),
];

export const runInstancesOptions: readonly Option[] = [count, userData, ...interfaceOptions];

function onInterface(
  name: string,
  takes: Option['takes'],
  member: string,
  read: (given: readonly string[]) => unknown,
): Option {
  return {
    name,
    takes,
    about: 'of the first network interface',
    set(input, given) {
      input.NetworkInterfaces ??= [{ DeviceIndex: 0 }];
      (input.NetworkInterfaces as [Parameters])[0][member] = read(given.map(String));
    },
  };
}
