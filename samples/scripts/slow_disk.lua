-- slow_disk.lua - every request to RDISK takes longer for a while.
--
--   mukshell attach dc0 -c 'lua samples/scripts/slow_disk.lua 20 5'
--
-- arg[1]: ms more. arg[2]: how many seconds. When it ends, so do the delays.
local more, seconds = tonumber(arg[1] or 20) / 1000, tonumber(arg[2] or 5)
local slowed = 0

assert(hold("rdisk.*"))
for _ = 1, seconds * 100 do
	if hold("wait", "10ms") then
		sleep(more)
		slowed = slowed + release("all").count
	end
end
unhold()
print(slowed .. " requests were slowed down")
