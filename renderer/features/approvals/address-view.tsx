import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ScrollGroup } from '../../ui/scroll-group.tsx'
import { readAddress, type WebAddress } from './web-address.ts'

/** An address in full: whose it is set apart, and what in it could be taken for something else. Nothing opens it. */
export function AddressView({ title, text }: { title: string; text: string }) {
  const { t } = useWords()
  const address = readAddress(text)
  const { host, owner, misleading } = address
  return (
    <div className="space-y-2">
      <div>
        <p className="mb-1 text-xs font-semibold text-muted">{title}</p>
        <ScrollGroup
          label={title}
          className="max-h-40 overflow-auto rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs break-all"
        >
          {misleading.includes('other') ? <ExactText text={text} /> : <Parts address={address} />}
        </ScrollGroup>
      </div>
      {misleading.includes('other') && (
        <div>
          <p className="mb-1 text-xs font-semibold text-muted">{t('address.read')}</p>
          <p className="rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs break-all">
            <Parts address={address} />
          </p>
        </div>
      )}
      {host !== '' && (
        <p className="text-sm">
          {t('address.leads')}{' '}
          <strong className="font-mono break-all">
            <ExactText text={owner} />
          </strong>
        </p>
      )}
      {misleading.length > 0 && (
        <Notice tone="warn">
          <ul className="space-y-1">
            {misleading.map((what) => (
              <li key={what}>
                <ExactText text={t(`address.${what}`, { host, owner })} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  )
}

function Parts({ address: { before, host, after } }: { address: WebAddress }) {
  return (
    <>
      <span className="text-muted">
        <ExactText text={before} />
      </span>
      <strong className="font-semibold text-ink">
        <ExactText text={host} />
      </strong>
      <span className="text-muted">
        <ExactText text={after} />
      </span>
    </>
  )
}
