/** What one typed and did not save: a reload must not lose it. For this window alone, and this domain. */
export interface Kept<T> {
  get(): T | null
  set(value: T | null): void
}

export function kept<T>(name: string, domain: string): Kept<T> {
  const key = `ten-steps.registrar.${domain}.${name}`
  return {
    get() {
      try {
        const text = sessionStorage.getItem(key)
        return text === null ? null : (JSON.parse(text) as T)
      } catch {
        return null
      }
    },
    set(value) {
      try {
        if (value === null) sessionStorage.removeItem(key)
        else sessionStorage.setItem(key, JSON.stringify(value))
      } catch {
        // Private windows and full storage: it is kept until the page is left.
      }
    },
  }
}
