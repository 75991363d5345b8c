// Reads what the benchmarks left in tests/benchmarks/results when the site is built: JMH's JSON, any JSON object with
// facts and lists of records, and CSV. No file: the page says that nothing was measured yet.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const BASELINE = /baseline|copy/i

export default {
  watch: ['../../tests/benchmarks/results/*.{json,csv}'],
  load(files) {
    return files.sort().map((file) => {
      const name = path.basename(file)
      const text = readFileSync(file, 'utf8')
      try {
        const content = name.endsWith('.csv') ? { rows: csv(text) } : JSON.parse(text)
        return { name, ...(isJmh(content) ? jmh(content) : records(content)) }
      } catch (e) {
        throw new Error(`${file} cannot be read as a benchmark result: ${e.message}`)
      }
    })
  },
}

function isJmh(content) {
  return Array.isArray(content) && content.every((entry) => entry.benchmark && entry.primaryMetric)
}

/** One table and chart a benchmark class; the ratio is to the baseline with the same parameters in the same run. */
function jmh(entries) {
  const groups = new Map()
  for (const entry of entries) {
    const [owner, method] = entry.benchmark.split('.').slice(-2)
    const group = groups.get(owner) ?? []
    const params = Object.entries(entry.params ?? {}).map(([key, value]) => `${key}=${value}`)
    group.push({
      method,
      params: params.join(' '),
      score: entry.primaryMetric.score,
      error: Number(entry.primaryMetric.scoreError),
      unit: entry.primaryMetric.scoreUnit,
      baseline: BASELINE.test(method),
    })
    groups.set(owner, group)
  }
  const { jdkVersion, vmName, forks, threads, measurementIterations } = entries[0] ?? {}
  return {
    facts: facts({ jdk: jdkVersion, vm: vmName, forks, threads, iterations: measurementIterations }),
    tables: [...groups].map(([owner, rows]) => jmhTable(owner, rows)),
  }
}

function jmhTable(owner, rows) {
  const many = new Set(rows.map((row) => row.params)).size > 1
  const base = (row) =>
    rows.find((other) => other.baseline && other.params === row.params) ?? rows.find((other) => other.baseline)
  return {
    title: owner,
    columns: ['benchmark', 'parameters', 'score', 'error', 'unit', '× baseline'],
    rows: rows.map((row) => [
      row.method,
      row.params,
      number(row.score),
      Number.isFinite(row.error) ? `± ${number(row.error)}` : '',
      row.unit,
      base(row) ? number(row.score / base(row).score) : '',
    ]),
    chart: {
      unit: rows[0].unit,
      bars: rows.map((row) => ({
        label: many ? `${row.method} ${row.params}` : row.method,
        value: row.score,
        text: number(row.score),
        baseline: row.baseline,
      })),
    },
  }
}

/** Facts and lists of flat records of any JSON object; `chart: { list, label, value, unit }` asks for bars. */
function records(content) {
  const object = Array.isArray(content) ? { rows: content } : content
  const { title, chart, ...rest } = object
  const lists = Object.entries(rest).filter(([, value]) => isRecords(value))
  const plain = Object.entries(flatten(Object.fromEntries(Object.entries(rest).filter(([, value]) => !isRecords(value)))))
  return {
    title,
    facts: facts(Object.fromEntries(plain)),
    tables: lists.map(([key, list]) => recordTable(key, list, chart && (chart.list ?? key) === key ? chart : null)),
  }
}

function isRecords(value) {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => entry && typeof entry === 'object')
}

function recordTable(title, list, chart) {
  const flat = list.map((entry) => flatten(entry))
  const columns = [...new Set(flat.flatMap((entry) => Object.keys(entry)))]
  const bars =
    chart && flat.map((entry) => ({ label: label(entry, chart.label), value: entry[chart.value], text: number(entry[chart.value]) }))
  return {
    title: title === 'rows' ? '' : title,
    columns,
    rows: flat.map((entry) => columns.map((column) => number(entry[column]))),
    chart: bars ? { unit: chart.unit ?? chart.value, bars } : null,
  }
}

function label(entry, names) {
  return [names].flat().map((name) => number(entry[name])).join(' ')
}

function flatten(entry, prefix = '') {
  return Object.fromEntries(
    Object.entries(entry).flatMap(([key, value]) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.entries(flatten(value, `${prefix}${key}.`))
        : [[prefix + key, Array.isArray(value) ? value.map(number).join(', ') : value]],
    ),
  )
}

function facts(object) {
  return Object.entries(object).filter(([, value]) => value !== undefined && value !== null && value !== '')
}

function number(value) {
  if (typeof value !== 'number') return value === undefined || value === null ? '' : String(value)
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}

function csv(text) {
  const [head, ...lines] = text.trim().split(/\r?\n/).map((line) => line.split(','))
  return lines.map((cells) => Object.fromEntries(head.map((key, i) => [key, numeric(cells[i])])))
}

function numeric(cell) {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell
}
