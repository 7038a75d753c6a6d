-- watchdog.lua - says who has waited too long, and for whom; ends at the first.
--
--   mukshell attach dc0 -c 'lua samples/scripts/watchdog.lua 500ms 60'
--
-- arg[1]: how long is too long, in ms. arg[2]: how many seconds to watch.
local limit = tonumber((arg[1] or "1000ms"):match("%d+")) / 1000
local seconds = tonumber(arg[2] or 30)

for _ = 1, seconds * 10 do
	for _, held in ipairs(hold("list").held) do
		if held.age > limit then
			error(("%s > %s is held: %s"):format(held.source, held.destination, held.words), 0)
		end
	end
	local stuck = trace("--last", 500, "slower=" .. math.floor(limit * 1000) .. "ms")
	for _, line in ipairs(stuck or {}) do
		if line.open then
			error(("%s has waited for %s since %s"):format(line.src, line.dst, line.name), 0)
		end
	end
	sleep(0.1)
end
print("nobody waited too long")
