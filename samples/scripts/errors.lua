-- errors.lua - which calls failed of late, by caller and error, the most frequent first.
--
--   mukshell attach dc0 -c 'lua samples/scripts/errors.lua'
local counts, order = {}, {}

for _, line in ipairs(assert(trace("--last", 4096, "failed"))) do
	if line.name then
		local key = ("%s %s -> %s"):format(line.src, line.name, line.reply)
		if not counts[key] then
			order[#order + 1] = key
		end
		counts[key] = (counts[key] or 0) + 1
	end
end
table.sort(order, function(a, b) return counts[a] > counts[b] end)
for _, key in ipairs(order) do
	print(counts[key], key)
end
if #order == 0 then
	print("no call failed")
end
