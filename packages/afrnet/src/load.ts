import { loaderOf } from '@unweather/commands/model';
import { afrnet } from './paper.js';

/** What it removes. */
export type TaskName = 'raindrop' | 'rain';

/**
 * Opens a network with its weights; `restore` of what it gives takes photographs. Default: task 'raindrop', the weights
 * that the package carries, else those that the quick recipe leaves in `runs/`; onnxruntime on the CPU.
 * @throws UserError for weights that are missing, unreadable or of another network, and a device that does not work here
 */
export const load = loaderOf<TaskName>(afrnet);
