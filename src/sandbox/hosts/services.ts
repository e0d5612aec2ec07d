/** What answers on a TCP port of an instance: Amazon Linux 2023 starts an SSH server, its user data may install a web server. */
import type { Ec2State } from '../world.ts';

const WEB_SERVERS = /\b(httpd|apache2|nginx)\b/;

export function serviceAt(ec2: Ec2State, instanceId: string | undefined, port: number): 'ssh' | 'http' | undefined {
  if (instanceId === undefined) return undefined;
  if (port === 22) return 'ssh';
  const userData = Buffer.from(ec2.userData?.[instanceId] ?? '', 'base64').toString();
  return port === 80 && WEB_SERVERS.test(userData) ? 'http' : undefined;
}
