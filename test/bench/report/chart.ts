/** The chart: an SVG that stands alone, of text, lines and marks. */
import type { Contestant } from '../peers/names.ts';
import type { Metric } from '../run/contest.ts';
import type { Figures } from './result.ts';
import { short } from './table.ts';

const lines: readonly (readonly [Metric, string])[] = [
  ['load', 'load, durable'],
  ['range', '7 days, rows made'],
  ['searchFirst', 'keyword, first time'],
  ['searchAgain', 'keyword, again'],
  ['counts', 'counts by day, kind, counterpart'],
  ['reopen', 'newest 50 after a restart'],
  ['append', 'append 50 rows'],
  ['remove', 'delete one subject'],
];

/** A colour and a shape each, so that print and colour-blind eyes can tell them. */
const marks: Readonly<Record<Contestant, { colour: string; draw: (x: number, y: number) => string }>> = {
  sealed: { colour: '#c0392b', draw: (x, y) => polygon(x, y, 8, 4, 0) },
  'sealed-files': { colour: '#e59866', draw: (x, y) => polygon(x, y, 6, 4, 0) },
  dexie: { colour: '#1f4e79', draw: (x, y) => circle(x, y, 5.5) },
  'dexie-aes': { colour: '#2e86c1', draw: (x, y) => circle(x, y, 4, 'none') },
  'dexie-encrypted': { colour: '#5dade2', draw: (x, y) => polygon(x, y, 5.5, 3, -90) },
  'rxdb-crypto-js': { colour: '#884ea0', draw: (x, y) => polygon(x, y, 5.5, 3, 90) },
  sqlite: { colour: '#117a65', draw: (x, y) => polygon(x, y, 5.5, 4, 45) },
  sqlite3mc: { colour: '#52be80', draw: (x, y) => polygon(x, y, 5, 6, 0) },
};
const names: Readonly<Partial<Record<Contestant, string>>> = {
  sealed: 'sealed pages (ours)',
  'sealed-files': 'ours, in OPFS',
  dexie: 'Dexie, plain',
};

const WIDTH = 880;
const LEFT = 230;
const RIGHT = 30;
const TOP = 84;
const LINE = 42;

const circle = (x: number, y: number, r: number, fill = 'currentColor'): string =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="${r}" fill="${fill}" stroke="currentColor" stroke-width="2"/>`;

function polygon(x: number, y: number, r: number, corners: number, turn: number): string {
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = ((turn + (360 * i) / corners) * Math.PI) / 180;
    return `${round(x + r * Math.cos(angle))},${round(y + r * Math.sin(angle))}`;
  });
  return `<polygon points="${points.join(' ')}" fill="currentColor"/>`;
}

const round = (value: number): string => value.toFixed(1);

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** @param contestants in the order of the legend */
export function drawChart(size: number, figures: Figures, contestants: readonly Contestant[]): string {
  const present = contestants.filter((name) => figures[name] !== undefined);
  const values = lines.flatMap(([metric]) =>
    present.flatMap((name) => figures[name]?.[metric]?.median ?? []),
  );
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const x = (ms: number): number => LEFT + ((Math.log10(ms) - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
  const bottom = TOP + lines.length * LINE;
  const out: string[] = [];
  for (let power = low; power <= high; power++) {
    const at = round(x(10 ** power));
    out.push(`<line x1="${at}" x2="${at}" y1="${TOP - 12}" y2="${bottom}" stroke="#d5d8dc"/>`);
    out.push(
      `<text x="${at}" y="${bottom + 18}" text-anchor="middle" class="soft">${power < 3 ? `${10 ** power} ms` : `${10 ** (power - 3)} s`}</text>`,
    );
  }
  for (const [i, [metric, title]] of lines.entries()) {
    const y = TOP + i * LINE + LINE / 2 - 8;
    out.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y)}" y2="${round(y)}" stroke="#eaecee"/>`);
    out.push(`<text x="${LEFT - 14}" y="${round(y + 4)}" text-anchor="end">${escaped(title)}</text>`);
    // Ours last, so that it lies on top.
    for (const name of [...present].sort((a, b) => Number(a === 'sealed') - Number(b === 'sealed'))) {
      const spread = figures[name]?.[metric];
      if (spread === undefined) continue;
      const { colour, draw } = marks[name];
      const label = `${name}: ${short(spread.median)} ms (${short(spread.min)} to ${short(spread.max)})`;
      out.push(`<g style="color:${colour}"><title>${escaped(label)}</title>`);
      out.push(
        `<line x1="${round(x(spread.min))}" x2="${round(x(spread.max))}" y1="${round(y)}" y2="${round(y)}" stroke="currentColor" stroke-width="2" opacity="0.35"/>`,
        `${draw(x(spread.median), y)}</g>`,
      );
    }
  }
  const legend = present.map((name, i) => {
    const [at, y] = [LEFT + (i % 4) * 160, 34 + Math.floor(i / 4) * 20];
    return `<g style="color:${marks[name].colour}">${marks[name].draw(at, y - 4)}</g><text x="${at + 12}" y="${y}">${escaped(names[name] ?? name)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 44}" role="img" aria-label="Times of all contestants at ${size} records">
<style>text{font:13px sans-serif;fill:#212f3c}.soft{fill:#5d6d7e}.head{font-weight:bold}</style>
<rect width="${WIDTH}" height="${bottom + 44}" fill="#fff"/>
<text x="14" y="34" class="head">${size.toLocaleString('en')} records</text>
${legend.join('\n')}
${out.join('\n')}
<text x="${WIDTH - RIGHT}" y="${bottom + 36}" text-anchor="end" class="soft">medians and spread, logarithmic; left is faster</text>
</svg>
`;
}
