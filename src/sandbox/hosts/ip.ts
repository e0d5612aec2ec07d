/** `ip addr` and `ip route` of an instance, as DHCP sets them up at boot. */
import ipaddr from 'ipaddr.js';
import { addressAt } from '../../model/network/cidr.ts';
import type { Host, HostInterface } from './host.ts';

export function ipAddresses({ interfaces }: Host): string {
  return [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
    '       valid_lft forever preferred_lft forever',
    ...interfaces.flatMap((each, index) => addressLines(each, index)),
  ].join('\n');
}

function addressLines({ device, macAddress, id, addresses, subnet }: HostInterface, index: number): string[] {
  const length = subnet.split('/')[1];
  const broadcast = ipaddr.IPv4.broadcastAddressFromCIDR(subnet).toString();
  return [
    `${index + 2}: ${device}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group default qlen 1000`,
    `    link/ether ${macAddress} brd ff:ff:ff:ff:ff:ff`,
    `    altname ${id}`,
    `    altname device-number-${index}.0`,
    ...addresses.flatMap((address) => [
      `    inet ${address}/${length} metric ${512 + 10 * index} brd ${broadcast} scope global dynamic ${device}`,
      '       valid_lft 3600sec preferred_lft 3600sec',
    ]),
  ];
}

/** The subnet's router is its first address (VPC User Guide, Subnet sizing). */
export function ipRoutes({ interfaces }: Host): string {
  const lines = interfaces.map(({ device, addresses, subnet }, index) => {
    const end = `proto dhcp src ${addresses[0] ?? ''} metric ${512 + 10 * index} `;
    const router = addressAt(subnet, 1);
    return {
      ways: `default via ${router} dev ${device} ${end}`,
      links: [
        `${subnet} dev ${device} proto kernel scope link src ${addresses[0] ?? ''} metric ${512 + 10 * index} `,
        `${router} dev ${device} proto dhcp scope link src ${addresses[0] ?? ''} metric ${512 + 10 * index} `,
      ],
    };
  });
  return [...lines.map(({ ways }) => ways), ...lines.flatMap(({ links }) => links)].join('\n');
}
