import type { Paper, Task } from '@unweather/commands';
import type { DegradationName } from '@unweather/datasets';
import { MSBDN } from './networks/msbdn.js';
import { networkName, WIDTHS } from './networks/widths.js';
import { checks } from './parity/checks.js';
import { hazeSnowProtocol, multiweatherProtocol, officialProtocol, rainProtocol } from './protocol.js';

const task = (
  title: string,
  degradation: DegradationName,
  helpers: typeof rainProtocol,
  splits: readonly string[],
): Task => ({
  title,
  network: networkName(1),
  otherNetworks: WIDTHS.slice(1).map(networkName),
  recipes: {},
  losses: {},
  protocols: [multiweatherProtocol, officialProtocol, helpers],
  benchmarks: Object.fromEntries(splits.map((split) => [split, multiweatherProtocol.name])),
  degradation,
});

/** The paper as the shared commands see it; its own `train` has stages. */
export const multiweather: Paper = {
  name: 'multiweather',
  title: 'Two-stage Knowledge Learning for Multiple Adverse Weather Removal, CVPR 2022',
  networks: Object.fromEntries(
    WIDTHS.map((width) => [
      networkName(width),
      { create: () => new MSBDN(width), losses: {}, gradientNoise: 5e-6, gradientShare: 1e-3, stepsNoise: 1e-2 },
    ]),
  ),
  tasks: {
    haze: task('haze', 'haze', hazeSnowProtocol, ['reside/sots-outdoor']),
    snow: task('snow', 'snow', hazeSnowProtocol, ['csd/test', 'snow100k/test-s', 'snow100k/test-l']),
    rain: task('rain', 'rain', rainProtocol, ['rain1400/official-test', 'outdoor-rain/test1']),
  },
  quickWeights: 'runs/multiweather/quick/student.safetensors',
  home: new URL('../', import.meta.url),
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../published.json', import.meta.url),
  goldens: new URL('../goldens/', import.meta.url),
  checks,
};
