/** Something that only the person at the keyboard can mend. `remedy` says how, in whole lines. */
export class SetupError extends Error {
  override readonly name = 'SetupError'
  readonly remedy: string
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.remedy = remedy
  }
}
