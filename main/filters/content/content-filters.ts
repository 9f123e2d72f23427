import { companyId } from './company-id.ts'
import type { ContentFilter } from './content-filter.ts'
import { dataInAddress } from './data-in-address.ts'
import { emailAddress } from './email-address.ts'
import { encodedPayload } from './encoded-payload.ts'
import { hiddenCharacters } from './hidden-characters.ts'
import { iban } from './iban.ts'
import { instructions } from './instructions.ts'
import { ipAddress } from './ip-address.ts'
import { namedSecret } from './named-secret.ts'
import { nationalId } from './national-id.ts'
import { paymentCard } from './payment-card.ts'
import { personName } from './person-name.ts'
import { phoneNumber } from './phone-number.ts'
import { postalAddress } from './postal-address.ts'
import { secretToken } from './secret-token.ts'
import { unsafeMarkup } from './unsafe-markup.ts'

/** The list: what is looked for in every text of arguments and answers, in one pass. */
export const contentFilters = (): readonly ContentFilter[] => [
  secretToken,
  namedSecret,
  paymentCard,
  iban,
  nationalId,
  companyId,
  emailAddress,
  phoneNumber,
  ipAddress,
  postalAddress,
  personName,
  instructions,
  hiddenCharacters,
  unsafeMarkup,
  dataInAddress,
  encodedPayload(),
]
