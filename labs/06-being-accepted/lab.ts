import type { LabData } from '../../checker/step.ts'

const t = (x: string) => ({ en: x, fr: x })
const task = (id: string) => ({ id, title: t(id), goal: t(id), hints: [t('a'), t('b')], solution: t('s') })
export const lab: LabData = {
  title: t('x'),
  summary: t('x'),
  minutes: 240,
  machines: ['server', 'desk'],
  follows: '05-fifty-users',
  tasks: [
    'spf',
    'reverse-names',
    'dkim',
    'dmarc',
    'three-a-second',
    'off-the-blocklist',
    'no-backscatter',
    'checked-tls',
    'outgoing-gateway',
  ].map(id => ({
    ...task(id),
    ...(id === 'dmarc' ? { questions: [{ id: 'source', kind: 'text' as const, text: t('x') }] } : {}),
  })),
}
