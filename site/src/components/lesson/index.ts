/**
 * The components that lessons use without importing anything.
 *
 * <Task id="mail-arrives" />
 *   The card of a task of this step's lab.ts, with its live status, at the place where the lesson has taught all that
 *   is needed for it. Each task once, in the order of lab.ts.
 *
 * <Note title="Why port 25?"> … </Note>       Something good to know on the side. `title` may be left out.
 * <Warning title="Never do this"> … </Warning>  What breaks things, or harms others.
 * <OnARealServer> … </OnARealServer>          What is different outside the lab.
 * <Output> a fenced block </Output>           What one sees, as opposed to what one types. `title` may be left out.
 *
 * <Picture name="imap" />                      A picture that one can operate: imap, smtp, relay or tls (site/src/pictures).
 *
 * Code: ```bash title="server" (or "desk") is typed on that machine, and the page offers to type it there; any other
 * title is a file's name: ```ini title="/etc/postfix/main.cf". Long lines wrap; columns that must stay in line take
 * `wrap=false` in the fence. Between the tags of a component, leave an empty line before and after Markdown, or it is
 * taken as plain text.
 *
 * In French, type plain spaces before ; : ! ? and inside « »: they become the right no-break ones by themselves.
 */
import Note from './Note.astro'
import OnARealServer from './OnARealServer.astro'
import Output from './Output.astro'
import Picture from './Picture.astro'
import Task from './Task.astro'
import Warning from './Warning.astro'

export const lessonComponents = { Note, OnARealServer, Output, Picture, Task, Warning }
