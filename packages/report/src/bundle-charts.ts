import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Run by the build: it puts the parts of echarts that draw our charts into svg-chart.js and writes their licences beside
// it. All of echarts is 60 MB, which everybody who installs unweather would get.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OUT = fileURLToPath(new URL('./html/svg-chart.js', import.meta.url));
const LICENCES = OUT.replace(/\.js$/, '.licences.txt');

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['packages/report/src/html/svg-chart.ts'],
  outfile: OUT,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.11',
  format: 'esm',
  banner: { js: '/* Parts of Apache ECharts and of zrender, bundled and minified; see svg-chart.licences.txt. */' },
  // Without its warnings for developers.
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
  logLevel: 'warning',
});
// A source map of what the compiler wrote would lead astray; one of the bundle would lead to files that do not travel.
await rm(`${OUT}.map`, { force: true });

const folders = Object.keys(metafile.inputs).flatMap(
  (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
);
const texts = await Promise.all([...new Set(folders)].sort().map((folder) => licencesOf(join(ROOT, folder))));
// One package may lie in two places.
await writeFile(LICENCES, `${[...new Set(texts)].join('\n\n')}\n`);

/** Name and version of a package, and its licence, notices and licences of what it holds itself. */
async function licencesOf(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules', folder.length))
    .filter(({ name }) => /^(LICEN[CS]E|NOTICE)/i.test(name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (own.length === 0) throw new Error(`${folder}: has no licence file; do not bundle it`);
  const parts = await Promise.all(own.sort().map((path) => readFile(path, 'utf8')));
  return [`${name} ${version}`, ...parts.map((part) => part.trim())].join('\n\n');
}
