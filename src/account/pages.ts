/** Every page of a list, to its end: also past pages that are empty but have a token (CloudWatch Logs, FilterLogEvents). */
export async function allPages<Page, Item>(
  call: (token: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  tokenOf: (page: Page) => string | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await call(token);
    for (const item of itemsOf(page) ?? []) items.push(item);
    const next = tokenOf(page) || undefined;
    // A service that hands out the same token again would be asked for ever.
    token = next === token ? undefined : next;
  } while (token !== undefined);
  return items;
}
