-- budget.lua - a latency budget for a build: ends with 3 when a call took too long.
--
--   mukshell attach dc0 -c 'lua samples/scripts/budget.lua fs.read 5 fs.open 10'
--
-- Pairs of a call and the milliseconds that it may take, judged by the flight recorder.
local failed = 0

for i = 1, #arg, 2 do
	local call, budget = arg[i], tonumber(arg[i + 1])
	local count, worst = 0, 0
	for _, line in ipairs(assert(trace("--last", 4096, call))) do
		if line.took then
			count = count + 1
			worst = math.max(worst, line.took * 1000)
		end
	end
	print(("%s: %d calls, the longest %.3f ms of %g"):format(call, count, worst, budget))
	if worst > budget then
		failed = failed + 1
	end
end
if failed > 0 then
	error(failed .. " over budget", 0)
end
