import { AlertDetail } from './alert-detail.tsx'
import { AlertList } from './alert-list.tsx'
import { ChannelList } from './channel-list.tsx'
import { RuleList } from './rule-list.tsx'

/** Alerts, open and past; the rules that open them; who is told. @param selected an alert that is shown in full */
export function AlertsPart({ selected }: { selected: string | undefined }) {
  return (
    <>
      <AlertList />
      <RuleList />
      <ChannelList />
      {selected && <AlertDetail id={selected} />}
    </>
  )
}
