/** The part of the package that is used here; it brings no types. */
declare module 'jmespath' {
  const jmespath: {
    compile(expression: string): unknown;
    search(value: unknown, expression: string): unknown;
  };
  export default jmespath;
}
