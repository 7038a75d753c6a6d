-- tree.lua - all files below a folder with their sizes, and the sum.
--
--   mukshell attach dc0 -c 'lua samples/scripts/tree.lua /'
local files, bytes = 0, 0

local function show(folder, indent)
	for _, entry in ipairs(assert(ls("-l", folder))) do
		local path = (folder == "/" and "" or folder) .. "/" .. entry.name
		local is_folder = entry.type == "directory"

		print(("%s%s%s"):format(indent, entry.name, is_folder and "/" or " " .. entry.size))
		if is_folder then
			show(path, indent .. "  ")
		else
			files, bytes = files + 1, bytes + entry.size
		end
	end
end

show(arg[1] or "/", "")
print(files .. " files, " .. bytes .. " bytes")
