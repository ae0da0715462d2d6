import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { expect, test } from 'vitest';
import { buildGraph } from '../../graph/graph.js';
import { input } from '../../graph/tensor.js';
import { trace } from '../../graph/trace.js';
import { initialState } from '../../nn/network.js';
import { evaluate64 } from '../../reference/evaluate64.js';
import { temporaryFolder } from '../../test-support.js';
import { EveryOperation, testPicture } from '../../test-support.network.js';
import { writeOnnx } from './write-onnx.js';

const runner = fileURLToPath(new URL('../../test-support.run-onnx.js', import.meta.url));

test('one exported file runs in another process at sizes it was not made for, odd ones included', async () => {
  const folder = await temporaryFolder();
  const network = new EveryOperation();
  const weights = initialState(network.parameters(), 1);
  const file = join(folder, 'network.onnx');
  await writeOnnx(file, network, weights, { metadata: { paper: 'none', weights_sha256: 'abc' } });

  const model = fromBinary(ModelProtoSchema, await readFile(file));
  expect(Number(model.opsetImport[0]!.version)).toBeGreaterThanOrEqual(17);
  expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([
    ['paper', 'none'],
    ['weights_sha256', 'abc'],
  ]);
  const names = model.graph!.initializer.map(({ name }) => name);
  for (const name of weights.keys()) if (!name.endsWith('tracked')) expect(names).toContain(name);

  const values = Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data, Number) }]),
  );
  for (const [n, height, width] of [
    [1, 16, 16],
    [2, 9, 13],
    [1, 24, 11],
  ] as const) {
    const out = join(folder, `${height}x${width}`);
    await promisify(execFile)(process.execPath, [runner, file, out, `${n}`, `${height}`, `${width}`]);
    const bytes = await readFile(out);
    const ours = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    // Reference: the same network traced at this very size, in float64.
    const shape = [n, 3, height, width];
    const { result } = trace('eval', () => network.apply(input('input', shape)));
    const picture = { shape, data: Float64Array.from(testPicture(n, height, width)) };
    const { output } = evaluate64(buildGraph({ output: result }), { ...values, input: picture });
    expect(output!.shape).toEqual(shape);
    const worst = ours.reduce((a, value, i) => Math.max(a, Math.abs(value - output!.data[i]!)), 0);
    expect(worst).toBeLessThan(1e-4);
  }
});
