import { brisque } from './brisque/brisque.js';
import { ciede2000 } from './ciede2000.js';
import { gmsd } from './gmsd.js';
import { mae } from './mae.js';
import type { Metric } from './metric.js';
import { msSsim } from './ms-ssim.js';
import { mse } from './mse.js';
import { niqe } from './niqe/niqe.js';

/** Every metric that needs no protocol, by name. */
export const METRICS: Readonly<Record<string, Metric>> = Object.fromEntries(
  [mse, mae, ciede2000, msSsim, gmsd, niqe, brisque].map((metric) => [metric.name, metric]),
);
