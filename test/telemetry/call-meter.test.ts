import { describe, expect, it } from 'vitest'
import { CallMeter } from '../../main/telemetry/call-meter.ts'
import { prometheusText } from '../../main/telemetry/prometheus.ts'
import { aSeenCall, lapsOf } from './a-seen-call.ts'

const textOf = (meter: CallMeter) => prometheusText(meter.families())

describe('calls', () => {
  it('are counted by server, client and how they ended, and stand in the buckets they belong to', () => {
    const meter = new CallMeter()
    meter.record(...aSeenCall({ tookMs: 120 }))
    meter.record(...aSeenCall({ tookMs: 3 }))
    meter.record(...aSeenCall({ outcome: 'error', code: 'server.crashed' }))
    meter.record(...aSeenCall({ client: 'other-app', outcome: 'refused', code: 'policy.denied', decision: 'deny' }))
    const text = textOf(meter)
    expect(text).toContain('mcp_operations_total{server="notes",client="editor",status="success"} 2')
    expect(text).toContain('mcp_operations_total{server="notes",client="editor",status="error"} 1')
    expect(text).toContain('mcp_operations_total{server="notes",client="other-app",status="refused"} 1')
    expect(text).toContain('mcp_errors_total{server="notes",type="policy.denied"} 1')
    expect(text).toContain('mcp_requests_total{method="tools/call",status="client_error"} 1')
    expect(text).toContain('mcp_request_duration_seconds_bucket{method="tools/call",le="0.1"} 3')
    expect(text).toContain('mcp_request_duration_seconds_bucket{method="tools/call",le="0.25"} 4')
    expect(text).toContain('mcp_operation_duration_seconds_bucket{server="notes",client="editor",le="0.005"} 1')
    expect(text).toContain('mcp_operation_duration_seconds_count{server="notes",client="editor"} 3')
    expect(text).toContain('trust_kernel_verifications_total{decision="deny"} 1')
  })

  it('are not slower for what the person took to answer', () => {
    const meter = new CallMeter()
    const laps = lapsOf(1, 1, 1, 1, 60_000, 1, 1, 1, 1)
    meter.record(...aSeenCall({ laps, tookMs: 60_009 }))
    const text = textOf(meter)
    expect(text).toContain('mcp_operation_duration_seconds_bucket{server="notes",client="editor",le="0.01"} 1')
    expect(text).toContain('gatehouse_step_seconds_total{server="notes",step="person"} 60')
    expect(text).toContain('gatehouse_step_seconds_total{server="notes",step="record"} 0.001')
    expect(text).toContain('mcp_tool_execution_duration_seconds_count{tool_name="notes__add"} 1')
  })

  it('that end on the way count their time where they ended', () => {
    const meter = new CallMeter()
    meter.record(...aSeenCall({ laps: lapsOf(1, 2), tookMs: 10, outcome: 'refused', code: 'filters.blocked' }))
    const text = textOf(meter)
    expect(text).toContain('gatehouse_step_seconds_total{server="notes",step="filter"} 0.007')
    expect(text).not.toContain('step="judge"')
  })

  it('of ever new names fill no memory: what is beyond a bound counts together', () => {
    const meter = new CallMeter()
    for (let n = 0; n < 3_000; n++)
      meter.record(
        ...aSeenCall({ server: `s${n}`, client: `c${n}`, entry: `s${n}__t`, code: `code.${n}`, labels: [`l${n}`] }),
      )
    const families = meter.families()
    expect(families.every(({ samples }) => samples.length <= 2_000)).toBe(true)
    const tools = families.find(({ name }) => name === 'mcp_tool_executions_total')?.samples ?? []
    expect(tools.reduce((sum, { value }) => sum + value, 0)).toBe(3_000)
    expect(tools.at(-1)).toEqual({ labels: { tool_name: 'other', status: 'success' }, value: 2_500 })
  })

  it('whose names would end a label early do not', () => {
    const meter = new CallMeter()
    meter.record(...aSeenCall({ entry: 'a"} 1\nb', server: 'x\\' }))
    const lines = textOf(meter).split('\n')
    expect(lines).toContain('mcp_tool_executions_total{tool_name="a\\"} 1\\nb",status="success"} 1')
    expect(lines.every((line) => /^(#|$|[a-z_]+(\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})? [-+.\de]+$)/.test(line))).toBe(
      true,
    )
  })
})
