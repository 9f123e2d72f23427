/** What the memory says of the source of what it took from a conversation itself: by rules, or by the client’s model. */
export type LearnedSource = 'learned' | 'model'

/** Learned and never told: it may fade, and gives way to what was told. */
export const isOnlyLearned = (source: string): boolean => source === 'learned' || source === 'model'
