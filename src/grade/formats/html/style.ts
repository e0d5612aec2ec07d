/** No `<` or `&`: the page stays well-formed. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --ground: #fff; --quiet: #57606a; --line: #d0d7de; --head: #f3f5f7;
  --none: #f8c9ad; --some: #fae6cf; --most: #d9e8f7; --full: #a8cdf1; --open: #e6e6e6; --bar: #3b7dbd; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --ground: #0d1117; --quiet: #9aa4af; --line: #343b44; --head: #1a2027;
    --none: #7a3a12; --some: #5c4526; --most: #27445f; --full: #1b5790; --open: #3a3f45; --bar: #58a6ff; }
}
body { margin: 0 auto; padding: 1rem; max-width: 110rem; color: var(--text); background: var(--ground);
  font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.quiet { color: var(--quiet); }
.sides { display: grid; gap: 0 2rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
.scroll { overflow: auto; max-height: 22rem; border: 1px solid var(--line); }
#grades-scroll { max-height: 90vh; }
table { border-collapse: separate; border-spacing: 0; width: 100%; }
caption { text-align: left; padding: .3rem .5rem; color: var(--quiet); }
th, td { padding: .2rem .5rem; text-align: left; border-bottom: 1px solid var(--line); overflow-wrap: break-word;
  vertical-align: top; font-weight: normal; }
thead { position: sticky; top: 0; z-index: 2; }
thead th { background: var(--head); font-weight: 600; vertical-align: bottom; }
td[data-value], td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number, th.number { white-space: nowrap; }
#grades { table-layout: fixed; }
#grades th, #grades td { overflow-wrap: anywhere; }
#grades tbody th { position: sticky; left: 0; z-index: 1; background: var(--ground); font-weight: 600; }
#grades td.none { background: var(--none); } #grades td.some { background: var(--some); }
#grades td.most { background: var(--most); } #grades td.full { background: var(--full); }
#grades td.open { background: var(--open); }
button, input, select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line);
  border-radius: 4px; padding: .2rem .4rem; max-width: 100%; }
th button, td button { border: 0; background: none; padding: 0; text-align: inherit; cursor: pointer;
  text-decoration: underline; text-underline-offset: 2px; overflow-wrap: anywhere; font-weight: inherit; }
th[aria-sort=ascending] button::after { content: " \\25B2"; } th[aria-sort=descending] button::after { content: " \\25BC"; }
:focus-visible { outline: 2px solid var(--bar); outline-offset: 1px; }
#filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .5rem 0; }
#filters[hidden] { display: none; }
label { display: grid; color: var(--quiet); }
svg { display: block; width: 100%; height: 1em; } rect { fill: var(--bar); }
.key span { padding: 0 .5rem; margin-right: .5rem; color: var(--text); white-space: nowrap; }
.key .none { background: var(--none); } .key .some { background: var(--some); } .key .most { background: var(--most); }
.key .full { background: var(--full); } .key .open { background: var(--open); }
@media print { #filters { display: none; } .scroll { overflow: visible; max-height: none; border: 0; } thead { position: static; } }
`;
