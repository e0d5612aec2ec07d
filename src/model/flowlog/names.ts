/** Names of protocols and ports, as people say them. */

/** IANA, Assigned Internet Protocol Numbers: those that one meets. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [0, 'IPv6 hop-by-hop options'],
  [1, 'ICMP'],
  [2, 'IGMP'],
  [4, 'IPv4 in IP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [33, 'DCCP'],
  [41, 'IPv6 in IP'],
  [43, 'IPv6 routing header'],
  [44, 'IPv6 fragment'],
  [46, 'RSVP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [51, 'AH'],
  [58, 'ICMPv6'],
  [59, 'IPv6 no next header'],
  [60, 'IPv6 destination options'],
  [88, 'EIGRP'],
  [89, 'OSPF'],
  [94, 'IPIP'],
  [97, 'EtherIP'],
  [103, 'PIM'],
  [108, 'IPComp'],
  [112, 'VRRP'],
  [115, 'L2TP'],
  [132, 'SCTP'],
  [136, 'UDP-Lite'],
  [137, 'MPLS in IP'],
]);

const TCP = 6;
const UDP = 17;
/** TCP, UDP, DCCP, SCTP, UDP-Lite. */
const WITH_PORTS: ReadonlySet<number> = new Set([TCP, UDP, 33, 132, 136]);

/** What usually listens there. The number alone is no proof of the program that uses it. */
const TCP_PORTS: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [22, 'SSH'],
  [23, 'Telnet'],
  [25, 'SMTP'],
  [53, 'DNS'],
  [80, 'HTTP'],
  [88, 'Kerberos'],
  [110, 'POP3'],
  [143, 'IMAP'],
  [389, 'LDAP'],
  [443, 'HTTPS'],
  [445, 'SMB'],
  [465, 'SMTPS'],
  [587, 'SMTP submission'],
  [636, 'LDAPS'],
  [993, 'IMAPS'],
  [995, 'POP3S'],
  [1433, 'SQL Server'],
  [1521, 'Oracle'],
  [2049, 'NFS'],
  [3306, 'MySQL'],
  [3389, 'Remote Desktop'],
  [5432, 'PostgreSQL'],
  [5900, 'VNC'],
  [5985, 'WinRM'],
  [6379, 'Redis'],
  [8080, 'HTTP'],
  [9092, 'Kafka'],
  [27017, 'MongoDB'],
]);

const UDP_PORTS: ReadonlyMap<number, string> = new Map([
  [53, 'DNS'],
  [67, 'DHCP'],
  [68, 'DHCP'],
  [88, 'Kerberos'],
  [123, 'NTP'],
  [161, 'SNMP'],
  [389, 'LDAP'],
  [443, 'QUIC'],
  [500, 'IKE'],
  [514, 'syslog'],
  [1194, 'OpenVPN'],
  [3389, 'Remote Desktop'],
  [4500, 'IPsec'],
  [51820, 'WireGuard'],
]);

/** `TCP` for 6, `ICMP` for 1; undefined for one without a common name. */
export function protocolName(protocol: number): string | undefined {
  return PROTOCOLS.get(protocol);
}

/** ICMP or ICMPv6: what ping sends. */
export function isIcmp(protocol: number | undefined): boolean {
  return protocol === 1 || protocol === 58;
}

/** Undefined for a format that does not tell the protocol: its ports may be ports. */
export function hasPorts(protocol: number | undefined): boolean {
  return protocol === undefined || WITH_PORTS.has(protocol);
}

/** `SSH` for TCP port 22; undefined where nothing is usual. */
export function serviceName(protocol: number | undefined, port: number): string | undefined {
  if (protocol === TCP) return TCP_PORTS.get(port);
  return protocol === UDP ? UDP_PORTS.get(port) : undefined;
}
