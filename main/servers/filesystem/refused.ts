/** What the model is told instead of a result; its message is a whole sentence without paths it may not see. */
export class Refused extends Error {
  override readonly name = 'Refused'
}
