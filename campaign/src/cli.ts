#!/usr/bin/env node
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random, runProgram } from '@unweather/core-tensor';
import { natural, positive } from '@unweather/core-tensor/command-line';
import { Command, Option } from 'commander';
import { markdownTable } from 'markdown-table';
import { type DamagedCounts, readDamaged } from './damaged-files.js';
import { FORMATS } from './formats.js';
import { killMany } from './kills.js';
import { type Fixtures, fixturesIn, scenarios } from './scenarios.js';
import { serveSlowly } from './slow-server.js';
import { compareBits, measureMemory, meetConditions, type Row, verifySignatures } from './trouble.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

const program = new Command('campaign')
  .description('damages files and kills processes by the thousand, and counts what must not happen')
  .exitOverride();

const seed = () => new Option('--seed <number>', 'of the changes and of the kills').argParser(natural).default(1);
const count = () => new Option('--count <files>', 'damaged files of each format').argParser(positive).default(10_000);
const kills = () => new Option('--kills <count>', 'of each scenario').argParser(positive).default(100);

program
  .command('all', { isDefault: true })
  .description('all of the others')
  .addOption(count())
  .addOption(kills())
  .addOption(seed())
  .action(async (options: { count: number; kills: number; seed: number }) => {
    await readFiles(options);
    await killCommands(options);
    for (const measure of Object.values(MEASURES)) await measured(measure);
  });

program
  .command('files')
  .description('read damaged files of every format: 0 crashes, hangs, gigabytes and raw exceptions')
  .addOption(count())
  .addOption(new Option('--format <name...>', 'default: all').choices(Object.keys(FORMATS)))
  .addOption(seed())
  .action(readFiles);

program
  .command('kills')
  .description('kill commands at random, half of the times during a write: 0 corrupt, 0 lost, equal results')
  .addOption(kills())
  .option('--only <name...>', 'scenarios whose names begin so; default: all')
  .addOption(seed())
  .action(killCommands);

/** Rows of a table, with its heading; failed if something happened that must not. */
interface Measured {
  readonly head: Row;
  readonly rows: readonly Row[];
  readonly failed?: boolean;
}

type Measure = (fixtures: Fixtures, folder: string) => Promise<Measured>;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The other commands. */
const MEASURES: Readonly<Record<string, Measure>> = {
  trouble: async (...of) => ({ head: ['trouble', 'seen'], ...(await meetConditions(...of)) }),
  memory: async (...of) => ({ head: ['work', 'measured'], rows: await measureMemory(...of) }),
  bits: async (...of) => ({ head: ['work', 'hash'], rows: await compareBits(...of) }),
  async signatures() {
    const row = await verifySignatures(ROOT);
    return { head: ['check', 'seen'], rows: [row], failed: row[1]!.startsWith('FAILED') };
  },
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  trouble: 'full disks, deleted pictures, few descriptors, threads that end: nothing lost, nothing written in part',
  memory: 'growth over thousands of rounds; 50 pictures of 12 megapixels at a time; delays of the event loop',
  bits: 'training and evaluation by 1 and 2 threads, resumed or not, twice',
  signatures: 'the registry’s signatures of the installed packages, where one answers',
};

for (const [name, measure] of Object.entries(MEASURES))
  program
    .command(name)
    .description(DESCRIPTIONS[name]!)
    .action(() => measured(measure));

async function measured(measure: Measure): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-'));
  try {
    const { head, rows, failed = false } = await measure(await fixturesIn(join(folder, 'fixtures')), folder);
    say(`\n${markdownTable([head, ...rows].map((row) => [...row]))}\n`);
    if (failed) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readFiles(options: { count: number; format?: string[]; seed: number }): Promise<void> {
  const rows: string[][] = [];
  let failed = 0;
  for (const format of options.format ?? Object.keys(FORMATS)) {
    const folder = await mkdtemp(join(tmpdir(), 'campaign-'));
    const task = { format, seed: options.seed, count: options.count, folder };
    const counts = await readDamaged(task, { milliseconds: 5000, megabytes: 1024 });
    await rm(folder, { recursive: true });
    rows.push(rowOf(format, counts));
    failed += counts.failures.length;
    say(rows.at(-1)!.join(' | '));
    for (const { index, what, detail } of counts.failures.slice(0, 10)) say(`  ${format} ${index}: ${what}: ${detail}`);
  }
  const head = ['format', 'files', 'read', 'refused', 'raw exceptions', 'crashes', 'over 5 s', 'over 1 GB'];
  say(`\n${markdownTable([head, ...rows], { align: ['l', ...head.slice(1).map(() => 'r')] })}\n`);
  if (failed > 0) process.exitCode = 1;
}

function rowOf(format: string, { read, refused, raw, failures }: DamagedCounts): string[] {
  const count = (what: string) => failures.filter((failure) => failure.what === what).length;
  const [crashes, hangs] = [count('crash'), count('hang')];
  const numbers = [read + refused + raw + crashes + hangs, read, refused, raw, crashes, hangs, count('memory')];
  return [format, ...numbers.map(String)];
}

async function killCommands(options: { kills: number; only?: string[]; seed: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-'));
  const bytes = await readFile(fileURLToPath(new URL('../../packages/aecr/weights/haze.safetensors', import.meta.url)));
  const server = await serveSlowly(bytes, 'haze.safetensors');
  const rows: string[][] = [];
  let failed = 0;
  try {
    for (const scenario of scenarios(await fixturesIn(join(folder, 'fixtures')), server.url)) {
      if (options.only?.some((name) => scenario.name.startsWith(name)) === false) continue;
      const random = Random.named('kills', scenario.name, options.seed);
      const fresh = () => mkdtemp(join(folder, 'run-'));
      const { kills, duringWrites, runs, equal, problems } = await killMany(scenario, { ...options, random, fresh });
      const numbers = [kills, duringWrites, runs, equal, problems.length];
      rows.push([scenario.name, ...numbers.map(String)]);
      say(rows.at(-1)!.join(' | '));
      for (const problem of problems) say(`  ${problem}`);
      failed += problems.length;
    }
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
  const head = ['scenario', 'kills', 'at a write', 'finished runs', 'equal', 'problems'];
  say(`\n${markdownTable([head, ...rows], { align: ['l', ...head.slice(1).map(() => 'r')] })}\n`);
  if (failed > 0) process.exitCode = 1;
}

await runProgram(program);
