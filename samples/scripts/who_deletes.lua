-- who_deletes.lua - who deletes or renames files, and which.
--
--   mukshell attach dc0 -c 'lua samples/scripts/who_deletes.lua 60s'
--
-- arg[1]: how long to watch. arg[2]: end after so many.
local most = tonumber(arg[2] or math.huge)
local seen = 0

assert(trace("fs.unlink,fs.rename,fs.rmdir", "--for", arg[1] or "10s", function(line)
	if not line.name then
		return
	end
	seen = seen + 1
	print(line.src, line.name, line.request, "-> " .. line.reply)
	return seen < most
end))
