/** Everything that the course makes on an engine carries these, so that nothing is orphaned and all can be removed. */
export const LABEL = {
  /** `image`, `network`, `machine`, `internet`, `helper`, `snapshot` */
  kind: 'ten-steps',
  /** Which installation it belongs to: two data directories share one engine without touching each other. */
  instance: 'ten-steps.instance',
  event: 'ten-steps.event',
  index: 'ten-steps.index',
  participant: 'ten-steps.participant',
  machine: 'ten-steps.machine',
  slot: 'ten-steps.slot',
  seed: 'ten-steps.seed',
  step: 'ten-steps.step',
} as const
