import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Journal, nameOf, readEvaluations, toJson } from '@unweather/eval';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeReport } from './html/write.js';
import { mergeInto } from './merge.js';
import { readSources } from './sources.js';
import { CONTEXT, measure, ROOT, temporaryFolder, writeSample } from './test-support.js';

const cli = fileURLToPath(new URL('cli.js', import.meta.url));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], { cwd: ROOT });
    return { code: 0, out: stdout, err: stderr };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

let measured: Awaited<ReturnType<typeof measure>>;
beforeAll(async () => {
  measured = await measure();
});

test('overview prints one table of all evaluations and writes the page, whatever options of eval stand beside', async () => {
  const folder = await temporaryFolder();
  await writeSample(folder, measured);
  const { code, out, err } = await run('overview', '--out', folder, '--dataset', 'embedded', '--metrics', 'gmsd');
  expect([code, err]).toEqual([0, '']);
  const lines = out.trim().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toContain(` DuRN_S (durn) | ${CONTEXT.weights.sha256.slice(0, 8)} | ${CONTEXT.protocol.name} `);
  expect(lines[3]).toBe(`report: ${pathToFileURL(join(folder, 'report.html')).href}`);
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('DuRN_S');
});

describe('merge', () => {
  async function shards(folder: string, of: number): Promise<string[]> {
    const files: string[] = [];
    for (let index = 1; index <= of; index++) {
      const path = join(folder, `${nameOf(CONTEXT)}.shard-${index}-of-${of}.jsonl`);
      const records = measured.map(({ record }) => record).filter((_, i) => i % of === index - 1);
      await (await Journal.begin(path, CONTEXT, { index, of }, records)).close();
      files.push(path);
    }
    return files;
  }

  test('writes the evaluation that one machine would have written, and says what it wrote', async () => {
    const [folder, whole] = [await temporaryFolder(), await temporaryFolder()];
    await writeSample(whole, measured);
    const { out, err } = await run('merge', ...(await shards(folder, 4)), '--out', join(folder, 'out'));
    expect(err).toBe('');
    const name = nameOf(CONTEXT);
    const files = [`${name}.json`, `${name}.csv`, `${name}.md`, 'datasets.csv'];
    const lines = files.map((file) => `wrote ${join(folder, 'out', file)}\n`).join('');
    expect(out).toBe(`DuRN_S: 15 pictures, merged\n${lines}`);
    const [merged, one] = (await Promise.all([join(folder, 'out'), whole].map(readEvaluations))).map(([of]) => of!);
    expect([merged!.summary, merged!.records]).toEqual([one!.summary, one!.records]);
    expect(merged!.exemplars).toEqual([]);
  });

  test('names the shards that are missing, and what is none', async () => {
    const folder = await temporaryFolder();
    const [first] = await shards(folder, 3);
    await expect(mergeInto(folder, [first!])).rejects.toThrow(
      `${nameOf(CONTEXT)}: shards 2, 3 of 3 are missing; give all of them`,
    );
    const { code, err } = await run('merge', join(folder, 'none.jsonl'));
    expect([code, err]).toEqual([
      1,
      `error: ${folder}/none.jsonl: no such file; give the files that "eval --shard" wrote\n`,
    ]);
  });
});

describe('html and markdown', () => {
  let results: string;
  let name: string;
  beforeAll(async () => {
    results = await temporaryFolder();
    name = await writeSample(results, measured);
  });

  test('both show a measured number beside the published one of the packages here', async () => {
    const page = await run('html', '--results', results);
    expect(page.out).toBe(`wrote ${join(results, 'report.html')}\n`);
    const [evaluation] = await readEvaluations(results);
    const psnr = evaluation!.summary.at(-1)!.restored.psnr!.mean;
    const beside = `${psnr.toFixed(2)} (33.21)`;
    expect(await readFile(join(results, 'report.html'), 'utf8')).toContain(beside);
    const file = join(results, 'tables.md');
    expect((await run('markdown', '--results', results, '-o', file)).out).toBe(`wrote ${file}\n`);
    const markdown = await readFile(file, 'utf8');
    expect(markdown).toContain(`${beside} |`);
    expect(markdown).toContain(`| −${(33.21 - psnr).toFixed(2)} dB, −`);
  });

  test('published numbers are those of the files that are named', async () => {
    const none = join(results, 'published.json');
    await writeFile(none, '[]');
    const sources = await readSources({ results, published: [none] });
    expect(sources.published).toEqual([]);
    await expect(readSources({ results, published: [join(results, 'no.json')] })).rejects.toThrow(
      /no\.json: cannot be read \(no such file or folder\); give a published\.json$/,
    );
  });

  test('a folder that is missing or empty, and a file that cannot be written, are named', async () => {
    const empty = await temporaryFolder();
    const file = join(empty, 'report.html');
    await expect(writeReport(file, { results: empty })).rejects.toThrow(
      /: contains no evaluation; run one first .* or give its folder$/,
    );
    await expect(writeReport(file, { results: join(empty, 'none') })).rejects.toThrow(
      'none: no such folder; run an evaluation first',
    );
    await expect(writeReport(join(results, 'datasets.csv', 'report.html'), { results })).rejects.toThrow(
      /report\.html: cannot be written \(.*\); choose another place$/,
    );
  });

  test('a broken evaluation is named with its first wrong place', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, `${name}.json`);
    await writeFile(path, '{');
    await expect(readSources({ results: folder })).rejects.toThrow(`${path}: not JSON; remove it and evaluate again`);
    const [evaluation] = await readEvaluations(results);
    await writeFile(path, toJson({ ...evaluation, weights: {} }));
    await expect(readSources({ results: folder })).rejects.toThrow(
      /\.json: weights\.file: .*; remove it and evaluate again$/,
    );
  });

  test('a picture that is missing, none, or of another size is named; the page shows the others', async () => {
    const folder = await temporaryFolder();
    await writeSample(folder, measured);
    const truth = join(folder, name, 'worst-truth.png');
    const file = join(folder, 'report.html');
    const page = async () => {
      await rm(file, { force: true });
      const [missing, ...others] = await writeReport(file, { results: folder });
      const text = await readFile(file, 'utf8');
      expect([others, text.match(/<article>/g)?.length, text.match(/class="uncover"/g)?.length]).toEqual([[], 3, 2]);
      return { missing, shown: /<p class="absent">(.*)<\/p>/.exec(text)?.[1] };
    };
    await writeFile(truth, await readFile(join(ROOT, 'packages/eval/goldens/chelsea-truth.png')));
    const sizes = 'input, restored and truth are 192×192, 192×192, 101×93; evaluate again';
    expect(await page()).toEqual({
      missing: `${name}.json: worst picture: ${sizes}`,
      shown: `Not shown: ${sizes}`,
    });
    await writeFile(truth, 'no picture');
    expect((await page()).missing).toMatch(
      /worst picture: .*worst-truth\.png: not a readable picture .*; replace the file$/,
    );
    await rm(truth);
    expect(await page()).toEqual({
      missing: expect.stringMatching(/worst picture: .*worst-truth\.png: cannot be read \(no such file or folder\)/),
      shown: expect.stringMatching(/^Not shown: [^/]+\/worst-truth\.png: cannot be read \(no such file or folder\)/),
    });
    await rm(join(folder, name), { recursive: true });
    const { code, out } = await run('html', '--results', folder);
    expect([
      code,
      out
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 11)),
    ]).toEqual([0, ['not shown: ', 'not shown: ', 'not shown: ', expect.stringMatching(/^wrote /)]]);
  });
});

test('readme keeps the means and says what it wrote', async () => {
  const [root, results] = [await temporaryFolder(), await temporaryFolder()];
  const readme = join(root, 'README.md');
  await mkdir(join(root, 'benchmarks/results'), { recursive: true });
  await writeFile(readme, '<!-- results:begin --><!-- results:end -->');
  await writeSample(results, measured);
  const first = await run('readme', '--results', results, '--readme', readme);
  const kept = join(root, 'benchmarks/results', `${nameOf(CONTEXT)}.json`);
  expect(first.out).toBe(`wrote ${kept}\nwrote ${readme}\n`);
});
