export type { Baseline } from './baselines/baseline.js';
export { BASELINES, baselinesOf } from './baselines/baselines.js';
export { identity } from './baselines/identity.js';
export { factsOf, type PictureFacts } from './gates/facts.js';
export { cleanGate, type Gate, pairGates } from './gates/gates.js';
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
export { type Interval, intervals } from './tables/bootstrap.js';
export { type SheetRow, writeContactSheet } from './tables/contact-sheet.js';
export {
  Evaluation,
  EvaluationContext,
  type Exemplar,
  ResultRecords,
  readEvaluation,
  readEvaluationIfAny,
  toJson,
} from './tables/evaluation.js';
export { Journal, readJournal, Shard } from './tables/journal.js';
export { type Merged, mergeShards } from './tables/merge.js';
export { type Difference, pairedDifference } from './tables/paired.js';
export { PublishedResult, publishedTable, readPublished } from './tables/published.js';
export {
  column,
  csv,
  decimals,
  type PictureRecord,
  type ResultRecord,
  type ScoreSet,
  signed,
  toCsv,
} from './tables/record.js';
export { asResults, type Heading, nameOf, readEvaluations, writeEvaluation, writeResults } from './tables/results.js';
export { meanOf, type SummaryRow, summarise, summaryTable } from './tables/summary.js';
