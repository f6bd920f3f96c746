import type { LabData } from '../../checker/step.ts'

const t = (x: string) => ({ en: x, fr: x })
const task = (id: string) => ({ id, title: t(id), goal: t(id), hints: [t('a'), t('b')], solution: t('s') })
export const lab: LabData = {
  title: t('x'),
  summary: t('x'),
  minutes: 240,
  machines: ['server', 'desk'],
  tasks: ['spf', 'reverse-names', 'dkim', 'three-a-second', 'no-backscatter'].map(task),
}
