export type { Channels, Plane } from './metrics/channels.js';
export { Lpips } from './metrics/lpips/lpips.js';
export type { Metric } from './metrics/metric.js';
export { METRICS } from './metrics/metrics.js';
export { psnr } from './metrics/psnr.js';
export { secondOpinion } from './metrics/second-opinion.js';
export { ssim } from './metrics/ssim.js';
export { gaussian11, gaussian11Repeated, gaussian11Zero, type SsimWindow, uniform7 } from './metrics/window.js';
export {
  type Colour,
  firstChannel,
  lumaMatlab,
  lumaOpenCV,
  lumaOpenCVFromBgr,
  lumaStudio,
  lumaStudioOfBytes,
  rgb,
} from './protocols/colour.js';
export { basicsrLumaProtocol, basicsrProtocol, generalProtocols, matlabProtocol } from './protocols/general.js';
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
} from './protocols/protocol.js';
export { type SheetRow, writeContactSheet } from './tables/contact-sheet.js';
export { PublishedResult, publishedTable, readPublished } from './tables/published.js';
export { decimals, type ResultRecord, toCsv } from './tables/record.js';
export { type Heading, writeResults } from './tables/results.js';
export { meanOf, summaryTable } from './tables/summary.js';
