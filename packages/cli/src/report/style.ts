import { Html } from "./html.ts";

/** The page's look: light or dark as the reader's system is, narrow screens included. */
export const STYLE = new Html(`
:root { color-scheme: light dark; --text: #1c1e21; --soft: #5c6370; --line: #d9dce1; --page: #fff;
  --blue: #1f6feb; --orange: #c2570c; --good: 26 127 55; --bad: 190 40 50; --deep: .6; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --soft: #9aa3af; --line: #363b43;
  --page: #14171b; --blue: #6ea8ff; --orange: #f0a35e; --good: 86 200 120; --bad: 255 120 120; --deep: .4; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { margin: 0; font-size: 1.7rem; } h2 { margin: 2rem 0 .4rem; font-size: 1.15rem; }
p { margin: .2rem 0 .8rem; color: var(--soft); } .score { font-size: 1.1rem; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { flex: 1 1 320px; max-width: 480px; margin: 0; } svg { display: block; width: 100%; }
svg text { fill: var(--soft); font-size: 11px; } .grid { stroke: var(--line); fill: none; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.c0 { stroke: var(--blue); } .line.c1 { stroke: var(--orange); stroke-dasharray: 5 4; }
.key.c0 { color: var(--blue); } .key.c1 { color: var(--orange); } .key { margin-left: .6rem; }
.dot { fill: var(--blue); fill-opacity: .5; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; } th { font-weight: 600; }
.settings th, .matrix th[scope=row] { text-align: left; } .matrix th[scope=col] { vertical-align: bottom; }
th, .text td { max-width: min(16rem, 45vw); overflow-wrap: break-word; } .matrix th[scope=col] { max-width: 6rem; }
.matrix th[scope=row] { min-width: min(12rem, 30vw); } .line.points { stroke-width: 7; stroke-dasharray: none; }
.key, figcaption, h1, p { overflow-wrap: anywhere; } .columns thead th:first-child { text-align: left; } .settings td { text-align: left; word-break: break-all; }
.settings tr { border-bottom: 1px solid var(--line); }
.right { background: rgb(var(--good) / calc(var(--share) * var(--deep))); }
.wrong { background: rgb(var(--bad) / calc(.1 + var(--share) * var(--deep))); } .none { color: var(--soft); }
.good { color: rgb(var(--good)); } .bad { color: rgb(var(--bad)); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: .8rem; }
.card { display: flex; gap: .6rem; align-items: center; font-size: .85rem; }
img { image-rendering: pixelated; background: #000; } .card img { width: 56px; }
.units { display: flex; flex-wrap: wrap; gap: 10px; } .units img { width: 56px; height: 56px; }
.health :is(td, th):nth-child(-n + 2), .bins th { text-align: left; } .health thead th { white-space: nowrap; }
.health tbody tr { border-top: 1px solid var(--line); } .findings { margin: 0 0 1rem; padding: 0; list-style: none; }
.findings li { margin: .4rem 0; padding-left: .7rem; border-left: 3px solid var(--line); }
.findings .warning, .findings .error { border-color: rgb(var(--bad)); } .findings b { font-weight: 600; }
.bins td { padding: .3rem .6rem; text-align: center; } .bins svg { width: 150px; height: 44px; }
.bins td small { display: flex; justify-content: space-between; color: var(--soft); width: 150px; }
.bar { fill: var(--blue); }
.line.c2 { stroke: rgb(var(--good)); } .line.c3 { stroke: rgb(var(--bad)); stroke-dasharray: 2 3; }
.key.c2 { color: rgb(var(--good)); } .key.c3 { color: rgb(var(--bad)); }
.columns th[scope=row], .text :is(td, th), .bars th { text-align: left; } .columns tbody tr { border-top: 1px solid var(--line); }
.bars .share { width: 320px; min-width: 80px; } .bars { width: 100%; max-width: 640px; } .bars span { display: block; height: 12px; width: var(--width); background: var(--blue); }
.heat { display: flex; gap: .6rem; } .heat > div { display: grid; max-width: 45%; font-size: .75rem; line-height: 18px; }
.heat span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; height: 18px; }
.heat img { flex: 1; min-width: 0; height: calc(var(--rows) * 18px); }
`);
