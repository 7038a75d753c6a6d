-- flaky.lua - one call in so many fails: does a client try again?
--
--   mukshell attach dc0 -c 'lua samples/scripts/flaky.lua fs.read 10 EIO 30'
--
-- arg: the call, every which one, the error, how many seconds.
local call, every, what = arg[1] or "fs.read", tonumber(arg[2] or 10), arg[3] or "EIO"
local seconds, seen, failed = tonumber(arg[4] or 10), 0, 0

assert(hold(call))
for _ = 1, seconds * 100 do
	for _, held in ipairs(hold("list").held) do
		seen = seen + 1
		if seen % every == 0 then
			failed = failed + (drop(held.id, what) and 1 or 0)
		else
			release(held.id)
		end
	end
	sleep(0.01)
end
unhold()
print(("%d of %d calls of %s failed"):format(failed, seen, call))
