import { createInterface } from 'node:readline';
import { type Picture, Random } from '@unweather/core-tensor';
import { gaussian11, psnr, rgb, ssim, uniform7 } from '@unweather/eval';
import type { ScoreRequest, Timing } from './peer.js';

// Our side of PSNR and SSIM: the counterpart of torch/score.py, with the same lines in and out.

const WINDOWS = { uniform: uniform7, gaussian: gaussian11 } as const;

/** A picture of noise, and another that differs from it by up to ±20. */
function noise({ width, height }: ScoreRequest): [Picture, Picture] {
  const random = Random.named('score');
  const truth = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
  const near = truth.map((value) => Math.min(Math.max(value + random.integer(41) - 20, 0), 255));
  return [near, truth].map((data) => ({ width, height, data })) as [Picture, Picture];
}

function time([restored, truth]: [Picture, Picture], { window }: ScoreRequest): Timing {
  const start = performance.now();
  const [a, b] = [rgb(restored), rgb(truth)];
  psnr(a, b, 255);
  ssim(a, b, 255, WINDOWS[window]);
  return { ms: performance.now() - start, mb: process.resourceUsage().maxRSS / 1024 };
}

let pictures: [Picture, Picture] | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as ScoreRequest;
  pictures ??= noise(request);
  process.stdout.write(`${JSON.stringify(time(pictures, request))}\n`);
}
