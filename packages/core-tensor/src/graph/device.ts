/** Device that a graph runs on. */
export type Device = 'cpu' | 'webgpu' | 'cuda';
/** Every device, as `--device` names it. */
export const DEVICES: readonly Device[] = ['cpu', 'webgpu', 'cuda'];
