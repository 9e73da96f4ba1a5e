/** Of every server that is started here. It listens on this machine only and holds nothing but test data. */
export const login = { user: 'andon', password: 'andon-tests' }
