#!/usr/bin/env node
// Stands in for Prisma's own migrations engine, for tests: the same engine as WebAssembly, on PostgreSQL, with the arguments, the JSON-RPC
// on standard input and output and the exit codes of the program that Prisma's command line expects.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'

const DEFAULT_FAILURE = 'P1011'
/** What the server's own codes, and those of the network, are to Prisma. */
const FAILURES = { ECONNREFUSED: 'P1001', ENOTFOUND: 'P1001', ETIMEDOUT: 'P1002', '28P01': 'P1000', '28000': 'P1000', '3D000': 'P1003' }

const words = process.argv.slice(2)
const values = (name) => words.flatMap((word, at) => (word === name ? [words[at + 1]] : []))
const datamodels = values('-d').map((path) => [path, readFileSync(path, 'utf8')])
const url = values('--datasource').map((text) => JSON.parse(text).url)[0] ?? process.env.DATABASE_URL

function log(level, fields) {
  process.stderr.write(JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }) + '\n')
}

/** As the program does it, a script is one message, and so one transaction unless it says otherwise. */
function wholeScripts(connection) {
  connection.executeScript = async (script) => {
    try {
      await connection.client.query(script)
    } catch (error) {
      connection.onError(error)
    }
  }
  return connection
}

function factory() {
  const postgres = new PrismaPg({ connectionString: url })
  return bindMigrationAwareSqlAdapterFactory({
    provider: postgres.provider,
    adapterName: postgres.adapterName,
    connect: async () => wholeScripts(await postgres.connect()),
    connectToShadowDb: async () => wholeScripts(await postgres.connectToShadowDb()),
  })
}

async function canConnect() {
  const { Client } = createRequire(createRequire(import.meta.url).resolve('@prisma/adapter-pg'))('pg')
  const client = new Client({ connectionString: url })
  const { hostname, port } = new URL(url)
  try {
    await client.connect()
    await client.end()
  } catch (error) {
    const code = FAILURES[error.code] ?? DEFAULT_FAILURE
    const what = code === 'P1001' ? `Can't reach database server at \`${hostname}:${port}\`` : error.message
    log('INFO', { message: 'Starting schema engine CLI' })
    log('ERROR', { is_panic: false, error_code: code, message: what })
    process.exit(1)
  }
}

async function load() {
  const wasm = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasm)), { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const adapter = factory()
  const engine = await glue.SchemaEngine.new({ datamodels: datamodels.length ? datamodels : undefined }, () => {}, adapter)
  return { engine, adapter }
}

async function answer({ engine, adapter }, { method, params }) {
  try {
    return { result: (await engine[method === 'getDatabaseVersion' ? 'version' : method](params)) ?? null }
  } catch (error) {
    const known = adapter.errorRegistry.lookupError?.(error)?.error ?? error
    const data = { is_panic: false, message: known.message ?? String(known), error_code: known.code }
    return { error: { code: 4466, message: 'An error happened. Check the data field for details.', data } }
  }
}

async function serve() {
  const loaded = load()
  loaded.catch(() => {})
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line)
    const said = await loaded.then((engine) => answer(engine, request), (error) => ({ error: { code: 4466, message: '', data: { message: error.message } } }))
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...said }) + '\n')
  }
  process.exit(0)
}

if (words.includes('--version')) console.log('schema-engine-cli wasm')
else await (words.includes('can-connect-to-database') ? canConnect() : serve())
