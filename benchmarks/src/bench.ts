import { parseArgs } from 'node:util';
import { writeWhole } from '@unweather/core-tensor';
import { model as manas } from '@unweather/manas';
import { markdownTable } from 'markdown-table';
import { coldStart } from './cold-start.js';
import { findPython, PEERS, Peer, type Request, type Side, type Timing } from './peer.js';

const architecture = manas.tasks.rain.network;
/** Measurements by name; `--only NAME` selects one. */
const ROWS: Readonly<Record<string, Request>> = {
  'durn-s-quick-step': { net: 'durn-s', kind: 'train', batch: 4, size: 48 },
  'durn-s-step': { net: 'durn-s', kind: 'train', batch: 4, size: 64 },
  'durn-s-inference': { net: 'durn-s', kind: 'infer', batch: 1, size: 256 },
  'durn-p-step': { net: 'durn-p', kind: 'train', batch: 4, size: 64 },
  'durn-p-inference': { net: 'durn-p', kind: 'infer', batch: 1, size: 512 },
  'durn-p-no-norm-step': { net: 'durn-p-no-norm', kind: 'train', batch: 4, size: 64 },
  'durn-p-no-norm-inference': { net: 'durn-p-no-norm', kind: 'infer', batch: 1, size: 512 },
  'durn-u-step': { net: 'durn-u', kind: 'train', batch: 4, size: 64 },
  'durn-u-inference': { net: 'durn-u', kind: 'infer', batch: 1, size: 512 },
  'durn-us-step': { net: 'durn-us', kind: 'train', batch: 4, size: 64 },
  'durn-us-inference': { net: 'durn-us', kind: 'infer', batch: 1, size: 512 },
  'durn-s-p-step': { net: 'durn-s-p', kind: 'train', batch: 4, size: 64 },
  'durn-s-p-inference': { net: 'durn-s-p', kind: 'infer', batch: 1, size: 512 },
  'aecr-step': { net: 'aecr', kind: 'train', batch: 4, size: 96 },
  'aecr-inference': { net: 'aecr', kind: 'infer', batch: 1, size: 512 },
  'manas-step': { net: 'manas', kind: 'train', batch: 12, size: 64, architecture },
  'manas-inference': { net: 'manas', kind: 'infer', batch: 1, size: 512, architecture },
  'plain-40-step': { net: 'plain', kind: 'train', batch: 8, size: 64 },
  'plain-40-inference': { net: 'plain', kind: 'infer', batch: 8, size: 64 },
  'cold-start-durn-p': { kind: 'cold-start', size: 512 },
  'psnr-ssim-uniform': { kind: 'score', window: 'uniform', width: 1920, height: 1080 },
  'psnr-ssim-gaussian': { kind: 'score', window: 'gaussian', width: 1920, height: 1080 },
};
const WARM_UP = 2;
const RUNS = 7;

interface Row {
  name: string;
  kind: Request['kind'];
  /** Library of `theirs_ms` and `theirs_mb`. */
  peer: string;
  ours_ms: number;
  theirs_ms: number | null;
  ratio: number | null;
  ours_mb: number | null;
  theirs_mb: number | null;
}

/** Times ours and theirs in turn, so that drifts of the machine's speed affect both alike; takes medians. */
async function measure(name: string, request: Request): Promise<Row> {
  const peer = PEERS[request.kind];
  const python = findPython(peer.module);
  if (python === undefined)
    console.log(`${name}: ${peer.name} was not found (python3 -c "import ${peer.module}" fails): only ours is timed.`);
  const { ours, theirs } = await sidesOf(request, python);
  const times: { ours: Timing[]; theirs: Timing[] } = { ours: [], theirs: [] };
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    times.ours.push(await ours.time(request));
    if (theirs) times.theirs.push(await theirs.time(request));
  }
  await theirs?.close();
  await ours.close();
  const middle = (list: Timing[]) => median(list.slice(WARM_UP).map(({ ms }) => ms));
  const [oursMs, theirsMs] = [middle(times.ours), theirs ? middle(times.theirs) : null];
  return {
    name,
    kind: request.kind,
    peer: peer.name,
    ours_ms: oursMs,
    theirs_ms: theirsMs,
    ratio: theirsMs === null ? null : oursMs / theirsMs,
    ours_mb: times.ours.at(-1)!.mb,
    theirs_mb: times.theirs.at(-1)?.mb ?? null,
  };
}

async function sidesOf(request: Request, python: string | undefined): Promise<{ ours: Side; theirs?: Side }> {
  if (request.kind === 'cold-start') return coldStart(request.size, python);
  const { kind } = request;
  return { ours: Peer.ours(kind), ...(python !== undefined && { theirs: Peer.theirs(kind, python) }) };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
if (values.only !== undefined && !(values.only in ROWS)) {
  console.error(`error: there is no row "${values.only}"; choose one of ${Object.keys(ROWS).join(', ')}`);
  process.exit(1);
}
const names = values.only === undefined ? Object.keys(ROWS) : [values.only];
const rows: Row[] = [];
for (const name of names) rows.push(await measure(name, ROWS[name]!));
const number = (value: number | null, digits = 0) => value?.toFixed(digits) ?? '';
console.log(
  markdownTable([
    ['', 'beside', 'ours, ms', 'theirs, ms', 'ratio', 'ours, MB', 'theirs, MB'],
    ...rows.map((row) => [
      row.name,
      row.peer,
      number(row.ours_ms),
      number(row.theirs_ms),
      number(row.ratio, 2),
      number(row.ours_mb),
      number(row.theirs_mb),
    ]),
  ]),
);
await writeWhole('results/bench.json', `${JSON.stringify(rows, null, 2)}\n`);
