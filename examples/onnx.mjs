// node examples/onnx.mjs RAINY NETWORK.onnx CLEAN.png: exports DuRN_S and runs it by plain onnxruntime.
import { fileURLToPath } from 'node:url';
import {
  fromPlanes,
  readCheckpoint,
  readPicture,
  toBytes,
  toPlanes,
  writeOnnx,
  writePng,
} from '@unweather/core-tensor';
import { DuRN_S, load } from '@unweather/durn';

// onnxruntime reports its use to its makers unless this is set before it loads.
process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor } = await import('onnxruntime-node');

const [photo, file, clean] = process.argv.slice(2);
const network = new DuRN_S();
const weights = fileURLToPath(import.meta.resolve('@unweather/durn/weights/rain-durn-s.safetensors'));
const checkpoint = await readCheckpoint(weights, 'DuRN_S', network.parameters());
await writeOnnx(file, network, checkpoint.weights);

const picture = await readPicture(photo);
const shape = [1, 3, picture.height, picture.width];
const data = new Float32Array(3 * picture.height * picture.width);
toPlanes(picture, 'rgb', data);
const session = await InferenceSession.create(file);
const { output } = await session.run({ input: new Tensor('float32', data, shape) });
await writePng(clean, toBytes(fromPlanes(output.data, picture.width, picture.height, 'rgb')));

const model = await load({ task: 'rain', weights });
// A tile as long as the picture keeps it whole, as the exported network takes it.
const ours = (await model.restore({ data, shape }, { tile: Math.max(...shape) })).toFloat32();
await model.dispose();
const difference = ours.data.reduce((most, value, i) => Math.max(most, Math.abs(value - output.data[i])), 0);
console.log(`${file}: output ${output.dims.join('×')}, largest difference from what load restores ${difference}`);
