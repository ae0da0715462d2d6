export { Maxim, type MaximSize } from './networks/maxim.js';
