export { smallPair } from './data/small-pair.js';
export { load, type TaskName } from './load.js';
export { MSBDN, type Restored } from './networks/msbdn.js';
export { TransferModule, transferModules } from './networks/transfer.js';
export { multiweather } from './paper.js';
export { hazeSnowProtocol, multiweatherProtocol, officialProtocol, rainProtocol } from './protocol.js';
export { type Recipe, recipes } from './recipes.js';
export { collationStep } from './stages/collation.js';
export { examinationStep } from './stages/examination.js';
