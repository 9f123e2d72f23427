/** Sets of rules Gatehouse comes with, from the narrowest to the widest. */
export const presets = ['careful', 'balanced', 'trusting'] as const
export type Preset = (typeof presets)[number]
export const defaultPreset: Preset = 'balanced'
export const isWider = (wanted: Preset, present: Preset): boolean => presets.indexOf(wanted) > presets.indexOf(present)
