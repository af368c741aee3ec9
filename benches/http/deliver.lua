-- For wrk: sends the request in a file, byte for byte, and prints the result as JSON.
--
--     wrk --script benches/http/deliver.lua URL FILE

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   local request = file:read("*a")
   file:close()
   -- wrk calls this once. It would call our own `request`, and copy its bytes, for each request.
   wrk.format = function() return request end
end

-- Percentiles are in microseconds, of the time from a request's first byte to the end of its answer.
function done(summary, latency)
   local errors, percentiles = summary.errors, {}
   for index, percent in ipairs({ 50, 90, 99, 99.9 }) do
      percentiles[index] = string.format('"%s": %d', percent, latency:percentile(percent))
   end
   print(string.format(
      '{"seconds": %.6f, "answered": %d, "refused": %d, "connect_errors": %d, "read_errors": %d, '
         .. '"write_errors": %d, "timeouts": %d, "latency": {%s}}',
      summary.duration / 1e6, summary.requests, errors.status, errors.connect, errors.read,
      errors.write, errors.timeout, table.concat(percentiles, ", ")
   ))
end
