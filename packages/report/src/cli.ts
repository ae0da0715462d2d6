import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printable, runProgram, writeWhole } from '@unweather/core-tensor';
import { DEBUG_OPTION, outputError, versionOf } from '@unweather/core-tensor/command-line';
import { Command } from 'commander';
import { markdownOf } from './markdown.js';
import { mergeInto } from './merge.js';
import { overviewOf } from './overview.js';
import { keepSummaries, renewReadme, summariesOf } from './readme.js';
import { readSources, type SourceOptions } from './sources.js';
import { tablesOf } from './tables/sections.js';

const RESULTS = ['--results <folder>', 'folder that eval wrote'] as const;
const PUBLISHED = ['--published <file...>', 'published.json files; default: packages/*/published.json'] as const;
const say = (line: string) => process.stdout.write(`${printable(line)}\n`);

/** Names what a page lacks, ten places at most. */
function sayMissing(missing: readonly string[]): void {
  const MOST = 10;
  for (const sentence of missing.slice(0, MOST)) say(`not shown: ${sentence}`);
  if (missing.length > MOST) say(`not shown: ${missing.length - MOST} more`);
}

const program = new Command('unweather-report')
  .description('writes reports of evaluations')
  .version(versionOf(new URL('../', import.meta.url)))
  .option(...DEBUG_OPTION)
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError });

program
  .command('merge')
  .description('merge the shards of evaluations')
  .argument('<shard.jsonl...>', 'all files that "eval --shard" wrote')
  .option('--out <folder>', 'folder of results', 'results')
  .action(async (shards: string[], { out }: { out: string }) => {
    for (const { network, pictures, files } of await mergeInto(out, shards)) {
      say(`${network}: ${pictures} pictures, merged`);
      for (const file of files) say(`wrote ${file}`);
    }
  });

program
  .command('html')
  .description('write one page with tables, distributions and pictures')
  .option(...RESULTS, 'results')
  .option(...PUBLISHED)
  .option('-o, --out <file>', 'file to write; default: report.html in the folder of results')
  .action(async ({ out, ...sources }: SourceOptions & { out?: string }) => {
    const path = out ?? join(sources.results, 'report.html');
    // Only the page loads the chart library, which is large.
    const { writeReport } = await import('./html/write.js');
    sayMissing(await writeReport(path, sources));
    say(`wrote ${path}`);
  });

program
  .command('markdown')
  .description('print the tables as Markdown')
  .option(...RESULTS, 'results')
  .option(...PUBLISHED)
  .option('-o, --out <file>', 'write to this file instead of printing')
  .action(async ({ out, ...sources }: SourceOptions & { out?: string }) => {
    const text = markdownOf(tablesOf(await readSources(sources)));
    if (out === undefined) return void say(text);
    await writeWhole(out, text, '\n');
    say(`wrote ${out}`);
  });

program
  .command('overview')
  .description('print one table of all evaluations, and write the page')
  .option('--out <folder>', 'folder that eval wrote', 'results')
  // nx passes every option of "run-many -t eval" to this command, too; options of eval alone are ignored here.
  .allowUnknownOption()
  .allowExcessArguments()
  .action(async ({ out }: { out: string }) => {
    const sources = { results: out };
    say(overviewOf(tablesOf(await readSources(sources))));
    const path = join(out, 'report.html');
    const { writeReport } = await import('./html/write.js');
    sayMissing(await writeReport(path, sources));
    say(`report: ${pathToFileURL(path).href}`);
  });

program
  .command('readme')
  .description('update the results in the README from the summaries in benchmarks/results')
  .option('--results <folder>', 'first save the means of this folder of results there')
  .option('--readme <file>', 'README at the top of the repository', 'README.md')
  .action(async ({ results, readme }: { results?: string; readme: string }) => {
    const kept = results === undefined ? [] : await keepSummaries(results, readme);
    for (const file of kept) say(`wrote ${file}`);
    const changed = await renewReadme(readme);
    say(changed ? `wrote ${readme}` : `${readme} is up to date with ${summariesOf(readme)}`);
  });

await runProgram(program);
