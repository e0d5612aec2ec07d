/** The options of an operation: one or two for each member of its input, and `--cli-input-json`. */
import type { OperationModel } from '../account/operations.ts';
import type { Member, Shape } from '../account/shape.ts';
import type { Option, OptionTable } from './option.ts';
import { readValue } from './value.ts';
import { kebab } from './words.ts';

export function optionsOf({ input }: OperationModel): OptionTable {
  const table: OptionTable = new Map();
  for (const [member, description] of input.members) {
    for (const option of optionsFor(member, description)) table.set(option.name, option);
  }
  return table;
}

function optionsFor(member: string, { shape, required }: Member): readonly Option[] {
  const name = kebab(member);
  if (shape.kind === 'boolean') return flag(name, member, required, true, false);
  if (isBooleanValue(shape)) {
    const [on, off] = flag(name, member, required, { Value: true }, { Value: false });
    return on === undefined || off === undefined ? [] : [orValue(on, member, shape), off];
  }
  return [
    {
      name,
      takes: shape.kind === 'list' ? 'many' : 'one',
      required,
      shape,
      set: (input, given) => {
        input[member] = readValue(name, shape, given);
      },
    },
  ];
}

function flag(name: string, member: string, required: boolean, on: unknown, off: unknown): readonly Option[] {
  const option = (named: string, value: unknown): Option => ({
    name: named,
    takes: 'nothing',
    required,
    shape: { kind: 'boolean' },
    set: (input) => {
      input[member] = value;
    },
  });
  return [option(name, on), option(`no-${name}`, off)];
}

/** EC2's AttributeBooleanValue: `--flag`, `--no-flag`, and also `--flag Value=false` or `--flag '{"Value":false}'`. */
function orValue(on: Option, member: string, shape: Shape): Option {
  return {
    ...on,
    takes: 'optional',
    shape,
    set: (input, given) => {
      if (given.length === 0) on.set(input, given);
      else input[member] = readValue(on.name, shape, given);
    },
  };
}

function isBooleanValue(shape: Shape): boolean {
  if (shape.kind !== 'structure') return false;
  const [[name, only] = [], second] = shape.members;
  return name === 'Value' && only?.shape.kind === 'boolean' && second === undefined;
}
