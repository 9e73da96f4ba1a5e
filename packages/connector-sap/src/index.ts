export type { SapAuth, Secret } from './http/auth.js'
