/**
 * The client program the suite starts for a sign-in scenario. It hands the scenario to the test that runs Gatehouse, and
 * ends as that ends: `node relayed-client.ts URL`, with GATEHOUSE_SUITE_RELAY in its environment.
 */
import { argv, env } from 'node:process'

const { GATEHOUSE_SUITE_RELAY: relay = '', MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_CONTEXT } = env
const given = { url: argv.at(-1), scenario, context: JSON.parse(MCP_CONFORMANCE_CONTEXT ?? '{}') }
const answer = await fetch(relay, { method: 'POST', body: JSON.stringify(given) })
process.stdout.write(await answer.text())
process.exitCode = answer.ok ? 0 : 1
