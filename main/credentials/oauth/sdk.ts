/** The protocol of OAuth as the MCP SDK has it; loaded when a server first asks for a sign-in. */
export const oauthSdk = () => import('@modelcontextprotocol/client')

export type OAuthSdk = Awaited<ReturnType<typeof oauthSdk>>
