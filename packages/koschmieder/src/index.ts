export { type Fold, KoschmiederNet } from './koschmieder-net.js';
