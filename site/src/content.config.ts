import { defineCollection } from 'astro/content/config'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { labsLoader, type StepPage } from './lib/labs-loader.ts'

/** Another place for the step folders, from the root of the site; tests use it. */
const base = process.env.LABS_DIR ?? '../labs'

/** What `lab.ts` says, checked and rendered by the loader. */
const steps = defineCollection({ loader: labsLoader(base), schema: z.custom<StepPage>() })

/** The prose, by `FOLDER/LANG`. All data of a step is in its `lab.ts`: a lesson has no front matter. */
const lessons = defineCollection({
  loader: glob({
    pattern: '*/lesson.{en,fr}.mdx',
    base,
    generateId: ({ entry }) => entry.replace(/\/lesson\.(en|fr)\.mdx$/, '/$1'),
  }),
  schema: z.strictObject({}),
})

export const collections = { steps, lessons }
