/** The words on the command line cannot be meant: said to the user, and nothing is sent. */
export class Misuse extends Error {}

/** A parameter's value cannot be read. */
export function badValue(option: string, message: string): Misuse {
  return new Misuse(`Error parsing parameter '--${option}': ${message}`);
}
