-- load_of_calls.lua - calls a second by caller and call, from what passes in a second.
--
--   mukshell attach dc0 -c 'lua samples/scripts/load_of_calls.lua 1s'
local counts, order = {}, {}

assert(trace("kind=call", "--for", arg[1] or "1s", function(line)
	if line.name then
		local key = ("%-16s %s"):format(line.src, line.name)
		if not counts[key] then
			order[#order + 1] = key
		end
		counts[key] = (counts[key] or 0) + 1
	end
end))
table.sort(order, function(a, b) return counts[a] > counts[b] end)
for i = 1, math.min(#order, 20) do
	print(("%8d  %s"):format(counts[order[i]], order[i]))
end
print(#order .. " kinds of calls")
