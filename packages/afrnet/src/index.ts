export { AFRNet } from './networks/afrnet.js';
