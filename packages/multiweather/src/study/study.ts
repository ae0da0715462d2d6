import type { DegradationName } from '@unweather/datasets';
import { studyOf, type TaskFacts } from '@unweather/lab';
import { model } from '../load.js';
import { checks } from './parity/checks.js';
import { hazeSnowProtocol, multiweatherProtocol, officialProtocol, rainProtocol } from './protocol.js';

const task = (degradation: DegradationName, helpers: typeof rainProtocol, splits: readonly string[]): TaskFacts => ({
  recipes: {},
  losses: {},
  protocols: [multiweatherProtocol, officialProtocol, helpers],
  benchmarks: Object.fromEntries(splits.map((split) => [split, multiweatherProtocol.name])),
  degradation,
});

/** The paper with everything that reproduces it; its own `train` has stages. */
export const study = studyOf(model, {
  networks: Object.fromEntries(
    Object.keys(model.networks).map((name) => [
      name,
      { losses: {}, gradientNoise: 5e-6, gradientShare: 1e-3, stepsNoise: 1e-2 },
    ]),
  ),
  tasks: {
    haze: task('haze', hazeSnowProtocol, ['reside/sots-outdoor']),
    snow: task('snow', hazeSnowProtocol, ['csd/test', 'snow100k/test-s', 'snow100k/test-l']),
    rain: task('rain', rainProtocol, ['rain1400/official-test', 'outdoor-rain/test1']),
  },
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../../published.json', import.meta.url),
  goldens: new URL('../../goldens/', import.meta.url),
  checks,
});
