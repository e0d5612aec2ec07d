/** How a window is divided. */

export interface Layout {
  readonly columns: number;
  /** One less than the window has: Ink ends its frame with a line break. */
  readonly rows: number;
  /** `tiny` is too small to draw in; `single` has the steps as a strip above the step. */
  readonly shape: 'tiny' | 'single' | 'panes';
  /** Columns of the list of steps. */
  readonly listWidth: number;
}

export function layoutOf(columns: number, windowRows: number): Layout {
  const shape = columns < 40 || windowRows < 10 ? 'tiny' : columns < 60 ? 'single' : 'panes';
  return { columns, rows: windowRows - 1, shape, listWidth: columns < 100 ? 26 : 38 };
}
