/**
 * The servers that tests and benchmarks need.
 *
 * @typedef {'kafka' | 'rabbitmq' | 'postgres'} ServiceName
 */

/** @type {readonly ServiceName[]} */
export const serviceNames = ['kafka', 'rabbitmq', 'postgres']

/** The account of every server that is started here: it listens on this machine only and holds test data only. */
export const login = { user: 'andon', password: 'andon-tests', database: 'andon' }
