import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePng } from '@unweather/core-tensor';
import { beforeEach, expect, test } from 'vitest';
import { cardMarkdown } from './card/card.js';
import type { GatedSet } from './gated-set.js';
import { sampleCard, sha256Of, someBytes, temporaryFolder } from './test-support.js';

const bytes = someBytes(1000);
const core = new URL('../../core-tensor/dist/index.js', import.meta.url).href;

let project: string;
beforeEach(async () => {
  project = await temporaryFolder();
});

/** Installs a package whose model subtracts `takes` / 255 from every number. */
async function install(takes: number, source?: string): Promise<void> {
  const folder = join(project, 'node_modules', 'dark');
  await mkdir(folder, { recursive: true });
  const described = {
    ...{
      name: 'dark',
      file: 'a.safetensors',
      sha256: sha256Of(bytes),
      size: bytes.length,
      network: 'Net',
      task: 'rain',
    },
    ...{ licence: 'MIT', card: 'card.md' },
  };
  const json = { type: 'module', exports: { '.': { default: './index.js' } }, unweather: { weights: [described] } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(json));
  await writeFile(join(folder, 'a.safetensors'), bytes);
  await writeFile(join(folder, 'card.md'), cardMarkdown(sampleCard));
  const code = `import { readPicture } from '${core}';
    export const load = async ({ task, weights }) => {
      if (task !== 'rain' || weights !== 'dark#dark') throw new Error('other weights');
      return {
        dispose: async () => {},
        restore: async (path) => {
          const { width, height, data } = await readPicture(path);
          const planes = new Float32Array(data.length);
          for (let i = 0; i < data.length; i++) planes[(i % 3) * width * height + Math.floor(i / 3)] = (data[i] - ${takes}) / 255;
          return { toFloat32: () => ({ data: planes, shape: [1, 3, height, width] }) };
        },
      };
    };`;
  await writeFile(join(folder, 'index.js'), source ?? code);
}

/** Writes two pairs whose inputs are brighter by `brighter`, and one photograph. */
async function pictures(brighter = 30): Promise<string> {
  const data = join(project, 'data');
  for (const folder of ['rain100h', 'clean']) await mkdir(join(data, folder), { recursive: true });
  const picture = (plus: number) => ({
    ...{ width: 64, height: 64 },
    data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 60 + ((i * 37) % 90) + plus),
  });
  await writePng(join(data, 'rain100h', 'gt.png'), picture(0));
  await writePng(join(data, 'rain100h', 'in.png'), picture(brighter));
  await writePng(join(data, 'clean', 'a.png'), picture(0));
  await writeFile(join(data, 'rain100h', 'pairs.json'), '[["gt.png","in.png"],["gt.png","in.png"]]');
  return data;
}

function verify(...args: string[]) {
  const env = { ...process.env, UNWEATHER_CACHE: join(project, 'cache') };
  const cli = fileURLToPath(new URL('cli.js', import.meta.url));
  const options = { cwd: project, env, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'verify', ...args], options);
  return { status, lines: stdout.trim().split('\n'), err: stderr.trim() };
}

test('weights that take weather and leave photographs alone pass', async () => {
  await install(3);
  const { status, lines } = verify('--data', await pictures(20));
  expect(lines.filter((line) => line.startsWith('  ')).every((line) => line.startsWith('  passed'))).toBe(true);
  expect([status, lines[0], lines.at(-1), lines.length]).toEqual([0, 'ok dark#dark', '1 right, 0 wrong', 8]);
});

test('a gate that is failed fails the command; what all reached is told and written', async () => {
  await install(2);
  const out = join(project, 'gates.json');
  const { status, lines } = verify('--data', await pictures(), '--out', out);
  expect(lines).toContain('  FAILED rain100h: the mean is 1 dB above every baseline: 19.19 dB, identity 18.59');
  expect(lines).toContain('  passed rain100h: nine of ten pictures gain: 2 of 2');
  expect(lines).toContain(
    '  passed clean: pictures without weather come back at 38 dB: 42.1 dB in the mean of 1, 42.1 at worst',
  );
  expect([status, lines.at(-1)]).toEqual([1, '0 right, 1 wrong']);
  const [found] = Object.values(JSON.parse(await readFile(out, 'utf8')) as Record<string, GatedSet[]>);
  expect(found!.map(({ set, pictures: count, gates }) => [set, count, gates.length])).toEqual([
    ['rain100h', 2, 5],
    ['clean', 1, 1],
  ]);
});

test('weights that darken photographs fail by that gate alone', async () => {
  await install(30);
  const { status, lines } = verify('--data', await pictures(), '--only', 'dark#dark');
  expect(lines.filter((line) => line.includes('FAILED'))).toEqual([
    '  FAILED clean: pictures without weather come back at 38 dB: 18.6 dB in the mean of 1, 18.6 at worst',
  ]);
  expect(status).toBe(1);
});

test('what is missing is named: sets, a load(), weights of that name, a list of pairs', async () => {
  await install(0);
  const data = await pictures();
  expect(verify('--only', 'light').err).toBe('error: light: no such weights; "list" shows the available ones');
  expect(verify('--data', project).err).toMatch(
    /contains no set of real pictures for rain; add a folder did-mdn, rain100h/,
  );
  await writeFile(join(data, 'rain100h', 'pairs.json'), '[]');
  expect(verify('--data', data).err).toMatch(/rain100h\/pairs.json: is not a list of pairs, .+; correct it/);
  await install(0, 'export const other = 1;');
  expect(verify('--data', data).err).toBe(
    'error: dark#dark: its package exports no load(), which the gates need; verify without --data',
  );
});
