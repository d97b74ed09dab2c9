/**
 * `node test/bench/chart.ts [FROM] [TO]`: draws the chart of docs/performance.md from what `npm run bench` wrote: for
 * each thing a visit does, one line, on it every contestant's median on a logarithmic scale of milliseconds.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { contestantNames } from './peers/names.ts';
import { drawChart } from './report/chart.ts';
import type { BenchResult } from './report/result.ts';

const [from = 'out/bench.json', to = 'docs/pictures/performance.svg'] = process.argv.slice(2);
const result = JSON.parse(readFileSync(from, 'utf8')) as BenchResult;
const figures = result.figures[String(result.size)];
if (result.schema !== 'zhiqing-bench/1' || figures === undefined)
  throw new Error(`${from} is no outcome of the bench`);
mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, drawChart(result.size, figures, contestantNames));
process.stdout.write(`${to}\n`);
