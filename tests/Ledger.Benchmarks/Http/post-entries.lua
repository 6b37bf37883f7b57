-- Posts one journal entry a request, each with an id of its own; prints what happened as one line of JSON.
local threads = 0

function setup(thread)
  thread:set("worker", threads)
  threads = threads + 1
  all = all or {}
  table.insert(all, thread)
end

function init(args)
  run = args[1]
  key = args[2]
  sent = 0
  created = 0
  refused = 0
  headers = { ["Authorization"] = "Bearer " .. key, ["Content-Type"] = "application/json" }
end

function request()
  sent = sent + 1
  local id = run .. "-" .. worker .. "-" .. sent
  local cents = string.format("%d.%02d", 1 + sent % 900, sent % 100)
  local day = 1 + sent % 28
  local body = '{"bookedOn":"2026-0' .. (1 + sent % 9) .. '-' .. string.format("%02d", day)
    .. '","description":"Order ' .. id .. '","reference":"' .. id .. '","lines":['
    .. '{"account":"' .. (4000 + sent % 100) .. '","side":"credit","amount":"' .. cents .. '"},'
    .. '{"account":"' .. (1000 + sent % 50) .. '","side":"debit","amount":"' .. cents .. '"},'
    .. '{"account":"' .. (5000 + sent % 50) .. '","side":"debit","amount":"1.00"},'
    .. '{"account":"1999","side":"credit","amount":"1.00"}]}'
  return wrk.format("PUT", wrk.path .. "/" .. id, headers, body)
end

function response(status)
  if status == 201 then created = created + 1 else refused = refused + 1 end
end

function done(summary, latency)
  local created, refused = 0, 0
  for _, thread in ipairs(all) do
    created = created + thread:get("created")
    refused = refused + thread:get("refused")
  end
  io.write(string.format(
    '{"seconds":%f,"created":%d,"other":%d,"timeouts":%d,"p50ms":%f,"p99ms":%f}\n',
    summary.duration / 1e6, created, refused,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
