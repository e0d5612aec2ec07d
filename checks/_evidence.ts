/** Pieces of evidence that several checks show. */
import type { Evidence } from '../src/check.ts';
import { routeText } from '../src/model/network/route.ts';
import type { RouteTable } from '../src/model/network/topology.ts';

/** Cells are separated by ` | `, so a value that holds one (a tag may) gives it up. */
export function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): Evidence {
  const line = (cells: readonly string[]) => cells.map((cell) => textOf(cell) || '-').join(' | ');
  return { kind: 'table', title, content: [header, ...rows].map(line).join('\n') };
}

function textOf(cell: string): string {
  const parts = cell.split(/[|\r\n]+/).map((part) => part.trim());
  return parts.join(' ').trim();
}

/** The table as VPC > Route tables > Routes shows it. */
export function routesEvidence(title: string, { routes }: RouteTable): Evidence {
  return table(
    title,
    ['Destination', 'Target', 'Status', 'Propagated'],
    routes.map(({ destination, target, state, propagated }) => [
      destination,
      target.kind === 'local' ? 'local' : target.id,
      state,
      propagated ? 'Yes' : 'No',
    ]),
  );
}

/** `10.1.0.0/16 -> local, 0.0.0.0/0 -> igw-1 (active)`. */
export function routesText({ routes }: RouteTable): string {
  return routes.map(routeText).join(', ') || 'no routes';
}

/** JSON as people read it; text that is no JSON as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
