/**
 * US dollars an hour, from list prices of us-east-1 as of November 2026 (aws.amazon.com/ec2/pricing, /vpc/pricing,
 * /ebs/pricing), Linux, on demand. An estimate: prices change, other Regions cost up to twice as much, credits cost nothing.
 */
export const PRICES_AS_OF = 'us-east-1 list prices of November 2026';

const INSTANCE_HOUR: Readonly<Record<string, number>> = {
  't2.nano': 0.0058,
  't2.micro': 0.0116,
  't2.small': 0.023,
  't2.medium': 0.0464,
  't3.nano': 0.0052,
  't3.micro': 0.0104,
  't3.small': 0.0208,
  't3.medium': 0.0416,
  't3a.nano': 0.0047,
  't3a.micro': 0.0094,
  't3a.small': 0.0188,
  't4g.nano': 0.0042,
  't4g.micro': 0.0084,
  't4g.small': 0.0168,
};
const GIB_MONTH: Readonly<Record<string, number>> = { gp3: 0.08, gp2: 0.1, standard: 0.05, st1: 0.045, sc1: 0.015 };
/** AWS's own month for prices. */
const HOURS_A_MONTH = 730;

/** Each, whether lent by AWS or an Elastic IP address (since February 2024). */
export const PUBLIC_IPV4_HOUR = 0.005;
export const NAT_GATEWAY_HOUR = 0.045;
/** An interface endpoint, in each Availability Zone. */
export const ENDPOINT_ZONE_HOUR = 0.01;

/** A running instance without its addresses and volumes; null for a type that is not in the table. */
export function instanceHour(type: string): number | null {
  return INSTANCE_HOUR[type] ?? null;
}

/** Null where size and type do not tell, as for provisioned IOPS. */
export function volumeHour({ type, gib }: { readonly type: string; readonly gib: number }): number | null {
  const price = GIB_MONTH[type];
  return price === undefined ? null : (price * gib) / HOURS_A_MONTH;
}

/** Null as soon as one is not known. */
export function sum(costs: readonly (number | null)[]): number | null {
  return costs.reduce<number | null>((total, cost) => (total === null || cost === null ? null : total + cost), 0);
}
