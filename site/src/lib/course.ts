import { type CollectionEntry, getCollection } from 'astro:content'
import { type PlannedStep, plan } from '../data/course.ts'

/** A planned step, and what there is of it once its folder is in labs/. */
export interface CourseStep extends PlannedStep {
  written?: CollectionEntry<'steps'>['data']
}

/** All steps in their order; what a written step says of itself wins over the plan. */
export async function course(): Promise<CourseStep[]> {
  const written = (await getCollection('steps')).map(entry => entry.data)
  const steps: CourseStep[] = plan.map(planned => ({ ...planned }))
  for (const step of written) {
    const at = steps.findIndex(planned => planned.slug === step.slug)
    const full = {
      number: step.number,
      slug: step.slug,
      title: step.title,
      summary: step.summary,
      written: step,
    }
    if (at >= 0) steps[at] = full
    else steps.push(full)
  }
  return steps.sort((a, b) => a.number - b.number)
}
