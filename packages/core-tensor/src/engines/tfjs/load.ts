import { availableParallelism } from 'node:os';
import { messageOf, UserError } from '../../support/error.js';
import type { Tf } from './api.js';

/** In order of speed. All have one API; the first two bring TensorFlow's native library and download it to install. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', '@tensorflow/tfjs'];

/** TensorFlow.js, and what to tell people about it. */
export interface LoadedTf {
  readonly tf: Tf;
  /** "@tensorflow/tfjs 4.22.0, backend cpu" */
  readonly description: string;
  /** Threads it computes by: JavaScript by one, TensorFlow's library, which is not told how many, by all. */
  readonly threads: number;
}

/**
 * Loads the fastest TensorFlow.js that is installed.
 * @param packages names to try, in order
 * @throws UserError with the install command when there is none
 */
export async function loadTf(packages: readonly string[] = PACKAGES): Promise<LoadedTf> {
  const failures: string[] = [];
  for (const name of packages) {
    let loaded: Tf & { readonly default?: Tf };
    try {
      loaded = (await import(name)) as typeof loaded;
    } catch (thrown) {
      failures.push(`${name}: ${messageOf(thrown).split('\n')[0]}`);
      continue;
    }
    const tf = loaded.default ?? loaded;
    // Otherwise it advertises its native package at every start.
    tf.enableProdMode();
    await tf.ready();
    const backend = tf.getBackend();
    return {
      tf,
      description: `${name} ${tf.version_core}, backend ${backend}`,
      threads: backend === 'cpu' ? 1 : availableParallelism(),
    };
  }
  throw new UserError(
    `no TensorFlow.js can be loaded (${failures.join('; ')}); install one with "npm install @tensorflow/tfjs-node-gpu", ` +
      'or @tensorflow/tfjs-node, or @tensorflow/tfjs',
  );
}
