export { type Channels, type Colour, firstChannel, lumaOpenCV, lumaOpenCVFromBgr, lumaStudio, rgb } from './colour.js';
export { type SheetRow, writeContactSheet } from './contact-sheet.js';
export {
  asFloats,
  clamped,
  composeProtocol,
  type Protocol,
  type ProtocolParts,
  type Quantisation,
  type Scores,
  truncated,
} from './protocol.js';
export { psnr } from './psnr.js';
export { decimals, type ResultRecord, toCsv } from './record.js';
export { type Heading, writeResults } from './results.js';
export { secondOpinion } from './second-opinion.js';
export { type SsimWindow, ssim } from './ssim.js';
export { meanOf, summaryTable } from './summary.js';
export { gaussian11Zero, type LocalMean, uniform7 } from './window.js';
