import { type InstalledModel, loaderOf } from '@unweather/model';
import { nameOf } from './architecture/architecture.js';
import { readArchitecture } from './architecture/file.js';
import { networkInCheckpoint } from './checkpoint/in-checkpoint.js';
import { model as pure, type TaskName } from './model.js';

/** MANAS with the files of its package. */
export const model: InstalledModel<TaskName> = {
  ...pure,
  found: {
    ...pure.found,
    read: async (file) => nameOf(await readArchitecture(file)),
    inCheckpoint: networkInCheckpoint,
  },
  home: new URL('../', import.meta.url),
};

/**
 * Opens a network with its weights; call `restore` of the result with photographs. Default: task 'rain', the weights
 * that the package carries, else those that the quick recipe leaves in `runs/`; onnxruntime on the CPU.
 * @throws UserError for weights that are missing, unreadable or of another network, and a device that does not work here
 */
export const load = loaderOf(model);
