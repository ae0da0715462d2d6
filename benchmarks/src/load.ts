import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { carriedWeights } from '@unweather/model';
import { markdownTable } from 'markdown-table';
import { PAPER_LIST } from 'unweather/papers';

// Measures the time to the first picture: a process imports a paper and opens its network with the weights that the
// package carries. Takes processor time, which a busy machine changes little, and the fastest of several runs.

const RUNS = 5;

interface Times {
  readonly importing: number;
  readonly loading: number;
}

async function timesOf(name: string, task: string): Promise<Times> {
  const code = `
    const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    const { load } = await import('${name}');
    const importing = spent();
    const model = await load({ task: '${task}' });
    process.stdout.write(JSON.stringify({ importing, loading: spent() - importing }));
    await model.dispose();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  return JSON.parse(stdout) as Times;
}

/** Packages that carry weights, each with the tasks it carries them for. */
async function carriedModels(): Promise<(readonly [name: string, task: string])[]> {
  const models: (readonly [name: string, task: string])[] = [];
  for (const [paper, row] of PAPER_LIST) {
    const { model } = await row.model();
    for (const task of Object.keys(row.tasks))
      if (await carriedWeights(model, task)) models.push([`@unweather/${paper}`, task]);
  }
  return models;
}

const rows: string[][] = [];
for (const [name, task] of await carriedModels()) {
  const runs: Times[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await timesOf(name, task));
  const { importing, loading } = runs.reduce((a, b) => (a.importing + a.loading < b.importing + b.loading ? a : b));
  rows.push([`${name}, ${task}`, ...[importing, loading, importing + loading].map((ms) => `${ms.toFixed(0)} ms`)]);
}
console.log(
  markdownTable([['processor time', 'start and import', 'load', 'together'], ...rows], { align: ['l', 'r', 'r', 'r'] }),
);
