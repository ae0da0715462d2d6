export { smallPair } from './data/small-pair.js';
export { TransferModule, transferModules } from './networks/transfer.js';
export { hazeSnowProtocol, multiweatherProtocol, officialProtocol, rainProtocol } from './protocol.js';
export { type Recipe, recipes } from './recipes.js';
export { collationStep } from './stages/collation.js';
export { examinationStep } from './stages/examination.js';
export { study } from './study.js';
