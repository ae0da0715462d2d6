import { interruptible, printable, runProgram, UserError, writeWhole } from '@unweather/core-tensor';
import { canRewrite, DEBUG_OPTION, outputError, versionOf } from '@unweather/core-tensor/command-line';
import { Command } from 'commander';
import { markdownTable } from 'markdown-table';
import { cardMarkdown } from './card/card.js';
import { type CardFacts, makeCard, makeForeignCard } from './card/make-card.js';
import { type FoundWeights, findWeights } from './find.js';
import type { GatedSet } from './gated-set.js';
import { gatesOf } from './gates.js';
import { halve } from './half.js';
import { inventory, isCarried, problemOf } from './inventory.js';
import { cacheFolder } from './places.js';
import { megabytes, showDownload } from './progress.js';
import { sha256OfFile } from './sha256.js';
import { weightsSource } from './source.js';

const say = (line: string) => process.stdout.write(`${printable(line)}\n`);

const program = new Command('unweather-weights')
  .description('manages weights: downloads in the cache, npm packages, model cards, half precision')
  .version(versionOf(new URL('../', import.meta.url)))
  .option(...DEBUG_OPTION)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .configureOutput({ outputError });

/** Finds weights, with progress on stderr; Ctrl-C keeps the part downloaded so far. */
async function found(what: string, sha256: string | undefined, then: (weights: FoundWeights) => void): Promise<void> {
  await interruptible(async (signal) => {
    const { show, stop } = showDownload(process.stderr);
    try {
      const source = weightsSource(what);
      then(await findWeights({ ...source, ...(sha256 !== undefined && { sha256 }), signal, onProgress: show }));
      return true;
    } catch (thrown) {
      if (!signal.aborted || thrown !== signal.reason) throw thrown;
      process.stderr.write('stopped; the downloaded part is kept, run the same command again to continue\n');
      return false;
    } finally {
      stop();
    }
  });
}

program
  .command('get')
  .description('download weights into the cache, or verify those that are there')
  .argument('<url>', 'URL of the file; #sha256=HEX at its end does the same as --sha256')
  .option('--sha256 <hex>', 'expected hash of the file; without it the first download is trusted')
  .action(async (url: string, { sha256 }: { sha256?: string }) => {
    if (!/^https?:/i.test(url)) throw new UserError(`${url}: get takes a URL; "path" finds files and packages`);
    await found(url, sha256, ({ path, sha256: actual }) => {
      say(path);
      say(`SHA-256 ${actual}`);
    });
  });

program
  .command('path')
  .description('verify weights and print their path; a URL that is not in the cache is downloaded')
  .argument('<weights>', 'a file, a package (PACKAGE or PACKAGE#NAME) or a URL')
  .option('--sha256 <hex>', 'expected hash of the file')
  .action(async (what: string, { sha256 }: { sha256?: string }) => {
    await found(what, sha256, ({ path }) => say(path));
  });

program
  .command('list')
  .description('show the weights in the cache and in installed packages')
  .option('--json', 'as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const all = await inventory(process.cwd());
    if (json === true) return void say(JSON.stringify(all, null, 2));
    if (all.length === 0) return void say(`no weights in ${cacheFolder()}, none in installed packages`);
    const rows = all.map(({ name, size, sha256, licence = 'not stated', network = '', task = '' }) => {
      return [name, megabytes(size), licence, network, task, sha256.slice(0, 8)];
    });
    const head = ['weights', 'size', 'licence', 'network', 'task', 'SHA-256'];
    say(markdownTable([head, ...rows], { align: ['l', 'r', 'l', 'l', 'l', 'l'] }));
  });

program
  .command('verify')
  .description(
    'compare all weights of the cache and of installed packages with their hashes, and check the form of cards',
  )
  .option('--data <folder>', 'also test the weights of packages on real pictures: SET/pairs.json and clean/')
  .option('--only <name>', 'verify these weights only, by their name in "list"')
  .option('-o, --out <file.json>', 'file to write the report of the gates to, for "card"')
  .action(async ({ data, only, out }: { data?: string; only?: string; out?: string }) => {
    let bad = 0;
    const all = (await inventory(process.cwd())).filter(({ name }) => only === undefined || name === only);
    if (only !== undefined && all.length === 0)
      throw new UserError(`${only}: no such weights; "list" shows the available ones`);
    const gated: Record<string, GatedSet[]> = {};
    for (const held of all) {
      const problem = await problemOf(held);
      say(problem === undefined ? `ok ${held.name}` : `WRONG ${problem}`);
      if (problem !== undefined) bad++;
      else if (data !== undefined && isCarried(held)) {
        gated[held.sha256] = await gatesOf(held, data, showPictures);
        for (const line of gateLines(gated[held.sha256]!)) say(line);
        if (gated[held.sha256]!.some(({ gates }) => gates.some(({ passed }) => !passed))) bad++;
      }
    }
    if (out !== undefined) await writeWhole(out, `${JSON.stringify(gated, null, 2)}\n`);
    say(`${all.length - bad} right, ${bad} wrong`);
    if (bad > 0) process.exitCode = 1;
  });

/** Formats one line per gate. */
function gateLines(sets: readonly GatedSet[]): string[] {
  return sets.flatMap(({ set, gates }) =>
    gates.map(({ demand, reached, passed }) => `  ${passed ? 'passed' : 'FAILED'} ${set}: ${demand}: ${reached}`),
  );
}

/** Shows progress in place on stderr, if it is a terminal. */
function showPictures(set: string, done: number, total: number): void {
  if (canRewrite(process.stderr)) process.stderr.write(`\r${set} ${done}/${total}${done === total ? '\n' : ''}`);
}

program
  .command('half')
  .description('write weights in half precision')
  .argument('<in.safetensors>', 'weights in float32')
  .requiredOption('-o, --out <out.safetensors>', 'file to write')
  .action(async (path: string, { out }: { out: string }) => {
    const { before, after, largest, leftOut } = await halve(path, out);
    say(`wrote ${out}: ${megabytes(before)} became ${megabytes(after)}`);
    say(`${after} bytes, SHA-256 ${await sha256OfFile(out)}`);
    if (leftOut > 0) say(`left out ${leftOut} tensors of the optimiser`);
    const { difference, tensor } = largest;
    say(`largest difference of a weight: ${difference.toExponential(2)}${tensor === '' ? '' : ` in ${tensor}`}`);
  });

program
  .command('card')
  .description('write the model card of a checkpoint that a training wrote, or of weights of another publisher')
  .argument('[checkpoint.safetensors]', 'a checkpoint of ours; without it, --training and --out are needed')
  .requiredOption('--evaluation <file.json...>', 'files that eval wrote about these weights')
  .requiredOption('--data <text>', 'training data and its terms')
  .requiredOption('--licence <text>', 'licence of the weights')
  .requiredOption('--not-good-for <text>', 'what the weights are not good for')
  .option('--gates <file.json>', 'file that "verify --data --out" wrote about these weights')
  .option('--training <text>', 'what is known about the training of weights of another publisher')
  .option('-o, --out <file.md>', 'file to write; default: beside the checkpoint')
  .action(async (path: string | undefined, { evaluation, out, training, ...facts }: CardCommand) => {
    if (path !== undefined && training !== undefined)
      throw new UserError(`${path}: its metadata describes its training; leave out --training`);
    if (path === undefined && (training === undefined || out === undefined))
      throw new UserError('card: weights of another publisher need --training and --out; give both, or a checkpoint');
    const file = out ?? `${path!.replace(/\.safetensors$/i, '')}.md`;
    const card =
      path === undefined
        ? await makeForeignCard(evaluation, { ...facts, training: training! })
        : await makeCard(path, evaluation, facts);
    await writeWhole(file, cardMarkdown(card));
    say(`wrote ${file}`);
  });

interface CardCommand extends CardFacts {
  readonly evaluation: string[];
  readonly training?: string;
  readonly out?: string;
}

await runProgram(program);
