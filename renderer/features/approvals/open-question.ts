export const openQuestionEvent = 'gatehouse:open-question'

/** Brings a question that was put aside back to the front. */
export function openQuestion(id: string): void {
  window.dispatchEvent(new CustomEvent(openQuestionEvent, { detail: id }))
}
