/** How a window is divided. */

export interface Layout {
  readonly columns: number;
  /** One less than the window has: Ink ends its frame with a line break. */
  readonly rows: number;
  /** `tiny` is too small to draw in; `single` has the steps as a strip above the step. */
  readonly shape: 'tiny' | 'single' | 'panes';
  /** Columns of the list of steps. */
  readonly listWidth: number;
  /** Blank lines between the parts: none in a low window. */
  readonly gap: 0 | 1;
}

export function layoutOf(columns: number, windowRows: number): Layout {
  const shape = columns < 40 || windowRows < 10 ? 'tiny' : columns < 60 ? 'single' : 'panes';
  const listWidth = columns < 80 ? 22 : columns < 100 ? 26 : 38;
  return { columns, rows: windowRows - 1, shape, listWidth, gap: windowRows < 20 ? 0 : 1 };
}
