/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The step whose lesson is being rendered; `<Task>` and its kin read it. */
    lesson?: { step: import('./lib/labs-loader.ts').StepPage; lang: import('../protocol.ts').Lang }
  }
}

/** For the type checker outside Astro's own. */
declare module '*.astro' {
  const component: (props: Record<string, unknown>) => unknown
  export default component
}
