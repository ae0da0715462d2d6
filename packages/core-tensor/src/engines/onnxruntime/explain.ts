import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Device } from '../../graph/device.js';
import type { Graph } from '../../graph/graph.js';
import { type State, zeros } from '../../graph/tensor-data.js';
import { requireDevice } from './devices.js';
import { emitOnnx } from './emit.js';
import { feedsFor } from './feeds.js';
import { loadRuntime } from './runtime.js';

/** Devices on which the nodes of a graph ran. */
export interface Explanation {
  readonly device: Device;
  /** ONNX operators that ran on the device, with their numbers of nodes. */
  readonly onDevice: ReadonlyMap<string, number>;
  /** Operators that the device lacks, or that only compute shapes and stay on the CPU. */
  readonly onCpu: ReadonlyMap<string, number>;
  /** Our operations that were lowered as others because the device lacks them. */
  readonly rewritten: readonly string[];
}

/** Events of onnxruntime's profile, with the fields used here. */
const Profile = z.array(
  z.object({
    cat: z.string().optional(),
    args: z.object({ op_name: z.string().optional(), provider: z.string().optional() }).optional(),
  }),
);

/** Name of onnxruntime's CPU provider in profiles. */
const CPU = 'CPUExecutionProvider';

/**
 * Runs a graph once on a device, on zeros, and reports the operators that ran there and those on the CPU.
 * @param sizes numbers for the graph's symbolic sizes ("batch", "height", "width")
 * @throws UserError when the device does not work here
 */
export async function explainDevice(
  graph: Graph,
  state: State,
  device: Device,
  sizes: Readonly<Record<string, number>>,
): Promise<Explanation> {
  const ort = await loadRuntime();
  await requireDevice(device);
  const folder = await mkdtemp(join(tmpdir(), 'unweather-profile-'));
  try {
    const live = new Set(graph.updates.keys());
    const session = await ort.InferenceSession.create(emitOnnx(graph, state, { live, device }).bytes, {
      executionProviders: [device],
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
      logSeverityLevel: 3,
    });
    const inputs = Object.fromEntries(
      [...graph.inputs].map(([name, { shape, dtype }]) => {
        const numbers = shape.map((size) => (typeof size === 'number' ? size : sizes[size]!));
        return [name, zeros(numbers, dtype)];
      }),
    );
    const current = new Map(
      [...live].map((name) => {
        const { dtype, data, shape } = state.get(name)!;
        return [name, new ort.Tensor(dtype, data, shape)] as const;
      }),
    );
    await session.run(feedsFor(session, current, inputs, ort.Tensor));
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    const events = Profile.parse(JSON.parse(await readFile(join(folder, file!), 'utf8')));
    const count = (onCpu: boolean) => {
      const counts = new Map<string, number>();
      for (const { cat, args } of events) {
        if (cat !== 'Node' || args?.op_name === undefined || args.provider === undefined) continue;
        if ((args.provider === CPU) === onCpu) counts.set(args.op_name, (counts.get(args.op_name) ?? 0) + 1);
      }
      return counts;
    };
    const faulty = graph.nodes.filter(({ op }) => op.faultyOn?.includes(device));
    const rewritten = [...new Set(faulty.map(({ op }) => op.name))];
    return { device, onDevice: count(false), onCpu: device === 'cpu' ? new Map() : count(true), rewritten };
  } finally {
    await rm(folder, { recursive: true });
  }
}
