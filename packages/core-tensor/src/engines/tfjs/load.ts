import { availableParallelism } from 'node:os';
import { messageOf, UserError } from '../../support/error.js';
import type { Tf } from './api.js';

/** Packages by speed, all with one API; the first two download TensorFlow's native library when installed. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', '@tensorflow/tfjs'];

/** A loaded TensorFlow.js, with its description. */
export interface LoadedTf {
  readonly tf: Tf;
  /** Name for people: "@tensorflow/tfjs 4.22.0, backend cpu". */
  readonly description: string;
  /** Number of threads: one in JavaScript, all in TensorFlow's library, where the number is not set. */
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
    // Without this it advertises its native package at every start.
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
