/** The script of a step page. The terminal itself is fetched when a lab is open. */
import './guests.ts'
import './lab-bench.ts'
import './lab-code.ts'
import './lab-splitter.ts'
import './lab-state.ts'
import './lab-tasks.ts'
import './page-controls.ts'
import './task-answers.ts'
import './task-status.ts'
import { live } from './live.ts'
import { memory } from './page.ts'

live.start()
// Few lessons have pictures: the others don't carry their scenes.
if (document.querySelector('mail-picture')) void import('./mail-picture.ts')
const { slug } = document.body.dataset
if (slug) memory.set('last-step', slug)
