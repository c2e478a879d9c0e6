import { shallowRef } from 'vue'

export interface Question {
  title: string
  text?: string
  yes?: string
  no?: string
  danger?: boolean
  /** Ask for a reason in words: it goes to the journal. */
  reason?: 'required' | 'optional'
}

export interface Answer {
  reason: string
}

interface Asked extends Question {
  reply: (answer: Answer | null) => void
}

export const asked = shallowRef<Asked | null>(null)

/**
 * `const answer = await confirm({ title, reason: 'required', danger: true })`: null when the person thinks better of
 * it. For money and signatures; elsewhere do it at once and offer undo in the toast.
 */
export function useConfirm() {
  return (question: Question): Promise<Answer | null> =>
    new Promise((resolve) => {
      asked.value?.reply(null)
      asked.value = {
        ...question,
        reply(answer) {
          asked.value = null
          resolve(answer)
        },
      }
    })
}
