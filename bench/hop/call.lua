-- Loaded by wrk: each request is a tools/call of `echo`, of 2026-07-28, with an id that no other one has and the next of the keys.
-- Arguments: a file with a key on each line, the bytes of the result, and the length of a right answer if each is to be checked.
-- What came out is a line of JSON.
local FIRST_ID = 1000000
local LAST_ID = 9999999

local calls = {}
local id = FIRST_ID
local threads = {}
wrong = 0

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local meta = '{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},'
    .. '"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"}}'
  local body = '{"jsonrpc":"2.0","id":' .. FIRST_ID .. ',"method":"tools/call","params":{"name":"echo","arguments":{"bytes":'
    .. args[2] .. '},"_meta":' .. meta .. '}}'
  for key in io.lines(args[1]) do
    local text = wrk.format('POST', wrk.path, {
      ['Host'] = wrk.headers['Host'],
      ['Content-Type'] = 'application/json',
      ['Accept'] = 'application/json, text/event-stream',
      ['Authorization'] = 'Bearer ' .. key,
      ['MCP-Protocol-Version'] = '2026-07-28',
      ['Mcp-Method'] = 'tools/call',
      ['Mcp-Name'] = 'echo',
    }, body)
    local from, to = text:find('"id":' .. FIRST_ID, 1, true)
    calls[#calls + 1] = { text:sub(1, from + 4), text:sub(to + 1) }
  end
  local length = tonumber(args[3])
  if length then
    -- Only when asked for: wrk copies each answer into a string for it.
    response = function(status, _, answer)
      if status ~= 200 or #answer ~= length or not answer:find('"result"', 1, true) then wrong = wrong + 1 end
    end
  end
end

function request()
  id = id < LAST_ID and id + 1 or FIRST_ID
  local call = calls[id % #calls + 1]
  return call[1] .. id .. call[2]
end

function done(summary, latency)
  local wrong_ones = 0
  for _, thread in ipairs(threads) do wrong_ones = wrong_ones + thread:get('wrong') end
  local errors = summary.errors
  io.write(string.format(
    '\n{"calls":%d,"seconds":%.6f,"bytes":%.0f,"p50":%.3f,"p99":%.3f,"wrong":%d,"refused":%d,"broken":%d,"late":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    wrong_ones, errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
