import { postgresStore } from '@andon/store-postgres'
import { storeContract } from '@andon/testkit/vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

describeWith('the PostgreSQL store', servers.postgres, ({ url }) => {
  storeContract(async () => {
    const schema = freshSchema(url)
    const store = await schema.open()
    return {
      store,
      async reopen() {
        await store.close()
        return schema.open()
      },
      crash: () => schema.open(),
      another: () => schema.open(),
      badOptions: [
        { option: 'postgresStore.host', create: () => postgresStore({}) },
        { option: 'postgresStore.url', create: () => postgresStore({ url: 'mysql://host/db' }) },
        {
          option: 'postgresStore.url',
          create: () => postgresStore({ url: 'postgres://host/db?sslmode=off' }),
        },
        { option: 'postgresStore.schema', create: () => postgresStore({ host: 'x', schema: 'A; DROP' }) },
        { option: 'postgresStore.connections', create: () => postgresStore({ host: 'x', connections: 0 }) },
        { option: 'postgresStore.tls.ca', create: () => postgresStore({ host: 'x', tls: { ca: '' } }) },
      ],
      failure: {
        secret: 'a secret of twenty letters',
        provoke: () => schema.open({ password: 'a secret of twenty letters' }),
      },
      dispose: () => schema.drop(),
    }
  })
})
