// Runs a file of SQL in DuckDB: node duckdb.mjs FILE.sql NAME=VALUE…
// $NAME in the file is the value. Without a file it prints DuckDB's version.
import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [file, ...settings] = process.argv.slice(2)
const connection = await (await DuckDBInstance.create(':memory:')).connect()
if (!file) {
  console.log((await connection.runAndReadAll('SELECT version()')).getRows()[0][0])
} else {
  let sql = readFileSync(file, 'utf8')
  for (const s of settings) {
    const at = s.indexOf('=')
    sql = sql.replaceAll('$' + s.slice(0, at), s.slice(at + 1).replaceAll("'", "''"))
  }
  for (const statement of sql.split(';\n')) if (statement.trim()) await connection.run(statement)
}
