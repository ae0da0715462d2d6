import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { initialState, openEngine, type PictureNetwork, Restorer, writeWhole } from '@unweather/core-tensor';
import { type InstalledModel, networkNamed } from '@unweather/model';
import { markdownTable } from 'markdown-table';
import { type NetworkSpeed, PAPER_LIST, SPEED_FILE, type SpeedFile } from 'unweather';

// Measures the processor time of every paper's networks on one picture, on one thread, beside a reference network that
// runs in turn with them. Writes it to each paper's package, where `unweather models` reads it. Time does not depend on
// the weights, so they are random.

const REFERENCE = { paper: 'aecr', network: 'AECR-Net' } as const;
const SIZE = [256, 256] as const;
const [WARM_UP, RUNS] = [1, 3];

/** A picture whose pixels differ. */
const picture = {
  width: SIZE[0],
  height: SIZE[1],
  data: Float32Array.from({ length: 3 * SIZE[0] * SIZE[1] }, (_, i) => ((i * 7919) % 256) / 255),
};

async function opened(network: PictureNetwork): Promise<Restorer> {
  return Restorer.open(network, initialState(network.parameters(), 1), { threads: 1 });
}

/** Processor seconds that a restoration takes. */
async function secondsOf(restorer: Restorer): Promise<number> {
  const before = process.cpuUsage();
  await restorer.restore(picture);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Times a network and the reference in turn, so that drifts of the machine's speed affect both alike. */
async function measure(network: PictureNetwork, reference: Restorer): Promise<NetworkSpeed> {
  const own = await opened(network);
  const [ours, theirs]: [number[], number[]] = [[], []];
  try {
    for (let run = 0; run < WARM_UP + RUNS; run++) {
      ours.push(await secondsOf(own));
      theirs.push(await secondsOf(reference));
    }
  } finally {
    await own.dispose();
  }
  const fastest = (all: number[]) => Math.min(...all.slice(WARM_UP));
  const seconds = fastest(ours);
  return { seconds: rounded(seconds), ratio: rounded(seconds / fastest(theirs)) };
}

const rounded = (value: number) => Number(value.toPrecision(3));

/** Names of the networks that a paper's tasks use. */
function networksOf({ tasks }: InstalledModel): string[] {
  return [...new Set(Object.values(tasks).flatMap(({ network, otherNetworks = [] }) => [network, ...otherNetworks]))];
}

const { values } = parseArgs({ options: { paper: { type: 'string' } } });
const papers = PAPER_LIST.filter(([name]) => values.paper === undefined || values.paper === name);
if (papers.length === 0) {
  console.error(
    `error: there is no paper "${values.paper}"; choose one of ${PAPER_LIST.map(([name]) => name).join(', ')}`,
  );
  process.exit(1);
}
const { model: referenceModel } = await PAPER_LIST.find(([name]) => name === REFERENCE.paper)![1].model();
const reference = await opened(networkNamed(referenceModel, REFERENCE.network).create());
const engine = await openEngine({ threads: 1 });
const rows: string[][] = [];
for (const [name, row] of papers) {
  const { model } = await row.model();
  const networks: Record<string, NetworkSpeed> = {};
  for (const network of networksOf(model)) {
    networks[network] = await measure(networkNamed(model, network).create(), reference);
    rows.push([name, network, networks[network].seconds.toFixed(2), networks[network].ratio.toFixed(2)]);
  }
  const file: SpeedFile = {
    ...{ reference: REFERENCE.network, size: SIZE, date: new Date().toISOString() },
    ...{ cpu: cpus()[0]?.model.trim() ?? 'unknown', engine: engine.description, networks },
  };
  await writeWhole(fileURLToPath(new URL(SPEED_FILE, model.home)), `${JSON.stringify(file, null, 2)}\n`);
}
await reference.dispose();
console.log(markdownTable([['paper', 'network', 'seconds', 'ratio'], ...rows], { align: ['l', 'l', 'r', 'r'] }));
