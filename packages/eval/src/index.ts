export {
  type Channels,
  type Colour,
  firstChannel,
  lumaMatlab,
  lumaOpenCV,
  lumaOpenCVFromBgr,
  lumaStudio,
  lumaStudioOfBytes,
  rgb,
} from './colour.js';
export { type SheetRow, writeContactSheet } from './contact-sheet.js';
export { basicsrLumaProtocol, basicsrProtocol, generalProtocols, matlabProtocol } from './general.js';
export {
  asFloats,
  clamped,
  composeProtocol,
  type Protocol,
  type ProtocolParts,
  type Quantisation,
  rounded,
  type Scores,
  truncated,
} from './protocol.js';
export { psnr } from './psnr.js';
export { PublishedResult, publishedTable, readPublished } from './published.js';
export { decimals, type ResultRecord, toCsv } from './record.js';
export { type Heading, writeResults } from './results.js';
export { secondOpinion } from './second-opinion.js';
export { type SsimWindow, ssim } from './ssim.js';
export { meanOf, summaryTable } from './summary.js';
export { gaussian11, gaussian11Zero, type LocalMean, uniform7 } from './window.js';
