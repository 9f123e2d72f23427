export class PreventableEvent {
  defaultPrevented = false
  constructor(details = {}) {
    Object.assign(this, details)
  }
  preventDefault() {
    this.defaultPrevented = true
  }
}

/** Emits with an event a listener may prevent. @returns whether one did */
export function emitPreventable(emitter, name, event = new PreventableEvent(), ...args) {
  emitter.emit(name, event, ...args)
  return event.defaultPrevented
}
