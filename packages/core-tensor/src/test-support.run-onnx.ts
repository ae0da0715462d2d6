import { writeFile } from 'node:fs/promises';
import { loadRuntime } from './engines/onnxruntime/runtime.js';
import { testPicture } from './test-support.network.js';

// Runs a model file in a separate process that knows nothing else. Arguments: MODEL OUTPUT N HEIGHT WIDTH.
const [model, output, ...size] = process.argv.slice(2) as [string, string, ...string[]];
const [n, height, width] = size.map(Number) as [number, number, number];
const ort = await loadRuntime();
const session = await ort.InferenceSession.create(model);
const input = new ort.Tensor('float32', testPicture(n, height, width), [n, 3, height, width]);
const results = await session.run({ input });
await writeFile(output, new Uint8Array((results.output!.data as Float32Array).buffer));
