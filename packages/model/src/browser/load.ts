import {
  checkpointOf,
  formatOf,
  inferenceGraph,
  networkNamedIn,
  type OptionNames,
  type PictureNetwork,
  parseSafetensors,
  type RestoreOptions,
  receptiveRadiusOf,
  refuseUnknown,
  restorePicture,
  type State,
} from '@unweather/core-tensor';
import { type BrowserEngine, type BrowserEngineOptions, openBrowserEngine } from '@unweather/core-tensor/browser';
import { type ModelEntry, networkNamed, networkOfTask, type TaskEntry } from '../entry.js';
import { Model } from '../model.js';
import { pick } from '../pick.js';
import { RestoredPixels } from '../restored-pixels.js';
import { type BrowserPicture, readBrowserPicture } from './read-input.js';
import { type BrowserWeights, readBrowserWeights } from './read-weights.js';

/** Task, weights and engine of a model to load. */
export interface BrowserLoadOptions<Task extends string = string> extends BrowserEngineOptions {
  readonly weights: BrowserWeights;
  /** Kind of damage to remove; default: the first of the paper's tasks. */
  readonly task?: Task;
}

/** A model for browsers. It restores in the thread that loaded it; a Web Worker keeps the page responsive. */
export type BrowserModel = Model<BrowserPicture, RestoredPixels>;

const LOAD_OPTIONS: OptionNames<BrowserLoadOptions> = {
  weights: true,
  task: true,
  device: true,
  threads: true,
  assets: true,
};

/** Makes the `load` function of a paper package for browsers. */
export function browserLoaderOf<Task extends string>(
  entry: ModelEntry<Task>,
): (options: BrowserLoadOptions<Task>) => Promise<BrowserModel> {
  return async (options) => {
    refuseUnknown('load', options, LOAD_OPTIONS);
    const task = pick<TaskEntry>('task', entry.tasks, options.task ?? Object.keys(entry.tasks)[0]!);
    const { name: path, bytes } = await readBrowserWeights(options.weights);
    const file = parseSafetensors(bytes, path);
    const name = networkOfTask(entry, task, networkNamedIn(file.metadata));
    const network = networkNamed(entry, name).create();
    const expected = { path, network: name, parameters: network.parameters(), takesKey: false };
    const { weights } = checkpointOf(file, expected);
    const engine = await openBrowserEngine(options);
    const restorer = await restorerOn(engine, network, weights);
    return new Model({
      network: name,
      weights: path,
      engine: engine.description,
      threads: engine.threads,
      restorer,
      read: readBrowserPicture,
      give: (restored) => new RestoredPixels(restored),
    });
  };
}

async function restorerOn(engine: BrowserEngine, network: PictureNetwork, weights: State) {
  const format = formatOf(network);
  const receptiveRadius = receptiveRadiusOf(network);
  const executable = await engine.inference(inferenceGraph(network, format.channels), weights);
  return {
    receptiveRadius,
    restore: (picture: Parameters<typeof restorePicture>[1], options?: RestoreOptions) =>
      restorePicture({ executable, format, receptiveRadius }, picture, options),
    dispose: () => executable.dispose(),
  };
}
