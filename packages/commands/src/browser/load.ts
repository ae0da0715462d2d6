import {
  checkpointOf,
  formatOf,
  inferenceGraph,
  networkNamedIn,
  type PictureNetwork,
  parseSafetensors,
  type RestoreOptions,
  reachOf,
  restorePicture,
  type State,
} from '@unweather/core-tensor';
import { type BrowserEngine, type BrowserEngineOptions, openBrowserEngine } from '@unweather/core-tensor/browser';
import { Model } from '../model/model.js';
import { RestoredPixels } from '../model/restored-pixels.js';
import { pick } from '../pick.js';
import { type BrowserPicture, readBrowserPicture } from './read-input.js';
import { type BrowserWeights, readBrowserWeights } from './read-weights.js';

/** A paper as browsers see it: its networks, and which of them each task is for. */
export interface BrowserPaper<Task extends string = string> {
  readonly networks: Readonly<Record<string, () => PictureNetwork>>;
  /** The first task is the default. */
  readonly tasks: Readonly<Record<Task, { readonly network: string; readonly otherNetworks?: readonly string[] }>>;
  /** Makes a network that is not listed, from a name that says all of it. */
  found?(name: string): PictureNetwork | undefined;
}

/** Which network, with which weights, on what. */
export interface BrowserLoadOptions<Task extends string = string> extends BrowserEngineOptions {
  readonly weights: BrowserWeights;
  /** What to remove; default: the first of the paper's tasks. */
  readonly task?: Task;
}

/** A model that restores pictures in a browser, in the thread that loaded it: a Web Worker keeps the page responsive. */
export type BrowserModel = Model<BrowserPicture, RestoredPixels>;

/** The `load` of a paper package in a browser. */
export function browserLoaderOf<Task extends string>(
  paper: BrowserPaper<Task>,
): (options: BrowserLoadOptions<Task>) => Promise<BrowserModel> {
  return async (options) => {
    const task = pick('task', paper.tasks, options.task ?? Object.keys(paper.tasks)[0]!);
    const { name: path, bytes } = await readBrowserWeights(options.weights);
    const file = parseSafetensors(bytes, path);
    const own = networkNamedIn(file.metadata);
    const takes = own !== undefined && (task.otherNetworks?.includes(own) || paper.found?.(own) !== undefined);
    const name = takes ? own : task.network;
    const network = paper.found?.(name) ?? pick('network', paper.networks, name)();
    const { weights } = checkpointOf(file, { path, network: name, parameters: network.parameters() });
    const engine = await openBrowserEngine(options);
    const restorer = await restorerOn(engine, network, weights);
    return new Model({
      network: name,
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
  const reach = reachOf(network);
  const executable = await engine.inference(inferenceGraph(network, format.channels), weights);
  return {
    reach,
    restore: (picture: Parameters<typeof restorePicture>[1], options?: RestoreOptions) =>
      restorePicture({ executable, format, reach }, picture, options),
    dispose: () => executable.dispose(),
  };
}
