-- Posts one journal entry a request, each with an id of its own; prints what happened as one line of JSON.
local threads = 0

function setup(thread)
  thread:set("worker", threads)
  threads = threads + 1
end

function init(args)
  run = args[1]
  sent = 0
  headers = { ["Authorization"] = "Bearer " .. args[2], ["Content-Type"] = "application/json" }

  -- Made once, so that the two cores work for the service and not for what drives it.
  starts, ends = {}, {}
  for i = 0, 899 do
    local cents = string.format("%d.%02d", 1 + i, i % 100)
    starts[i] = '{"bookedOn":"2026-0' .. (1 + i % 9) .. '-' .. string.format("%02d", 1 + i % 28)
      .. '","description":"Order '
    ends[i] = '","lines":['
      .. '{"account":"' .. (4000 + i % 100) .. '","side":"credit","amount":"' .. cents .. '"},'
      .. '{"account":"' .. (1000 + i % 50) .. '","side":"debit","amount":"' .. cents .. '"},'
      .. '{"account":"' .. (5000 + i % 50) .. '","side":"debit","amount":"1.00"},'
      .. '{"account":"1999","side":"credit","amount":"1.00"}]}'
  end
end

function request()
  sent = sent + 1
  local id, i = run .. "-" .. worker .. "-" .. sent, sent % 900
  local body = starts[i] .. id .. '","reference":"' .. id .. ends[i]
  return wrk.format("PUT", wrk.path .. "/" .. id, headers, body)
end

-- No function named response: wrk would parse every answer for it. It counts those of 400 and more by itself.
function done(summary, latency)
  io.write(string.format(
    '{"seconds":%f,"created":%d,"other":%d,"timeouts":%d,"p50ms":%f,"p99ms":%f}\n',
    summary.duration / 1e6, summary.requests - summary.errors.status, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
