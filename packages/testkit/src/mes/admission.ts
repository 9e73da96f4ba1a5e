import * as z from 'zod'
import { headerOf, type SimulatorRequest } from '../simulator/exchange.js'
import { basicOf, type OAuthServer, oauthSchema, oauthServer } from '../simulator/oauth.js'

const secret = z.string().min(1)

/** Who is let in: whoever brings one of these. */
export const admissionSchema = z.strictObject({
  bearer: secret.optional(),
  basic: z.strictObject({ user: secret, password: secret }).optional(),
  apiKey: z.strictObject({ header: secret.default('x-api-key'), key: secret }).optional(),
  /** Tokens are given out at `/oauth/token`. */
  oauth: oauthSchema.optional(),
})
export type MesAdmission = z.input<typeof admissionSchema>

export interface Admission {
  readonly oauth?: OAuthServer
  admits(request: SimulatorRequest): boolean
}

/** Everybody is let in where nothing is asked for. */
export function admission(setup: z.output<typeof admissionSchema> | undefined): Admission {
  if (setup === undefined) return { admits: () => true }
  const { bearer, basic, apiKey } = setup
  const oauth = setup.oauth === undefined ? undefined : oauthServer(setup.oauth)
  return {
    ...(oauth && { oauth }),
    admits(request) {
      if (bearer !== undefined && headerOf(request, 'authorization') === `Bearer ${bearer}`) return true
      if (apiKey !== undefined && headerOf(request, apiKey.header.toLowerCase()) === apiKey.key) return true
      const given = basicOf(request)
      if (basic !== undefined && given?.user === basic.user && given.password === basic.password) return true
      return oauth?.admits(request) === true
    },
  }
}
