-- wireshark.lua - a dissector of mukshell's `export pcapng`, link type USER0 (147).
--
-- The tables `servers` and `sets` stand before this, `kinds` and `errors` as well; all
-- are made from those that MUK itself is made from. A packet is version, whether it has
-- its message, 2 bytes of 0, the type of the request that it belongs to; the event (40
-- bytes); the message (64); then three texts, each after its length: the server's
-- protocol, who sends, who gets it.
local bit32 = bit32 or bit
local muk = Proto("muk", "MUK messages")
local F = {
	seq = ProtoField.uint64("muk.seq", "Sequence"),
	call = ProtoField.uint64("muk.call", "Call"),
	src_ep = ProtoField.int32("muk.src_ep", "Source endpoint"),
	dst_ep = ProtoField.int32("muk.dst_ep", "Destination endpoint"),
	src = ProtoField.string("muk.src", "Source"),
	dst = ProtoField.string("muk.dst", "Destination"),
	kind = ProtoField.string("muk.kind", "Kind"),
	name = ProtoField.string("muk.name", "Name"),
	type = ProtoField.int32("muk.type", "Type"),
	error = ProtoField.string("muk.error", "Error"),
}

-- A field of each call, so that filters find it: muk.fs.open.path, muk.fs.open.reply.fd.
local texts = { path = true, name = true, text = true, flags = true, enum = true,
	["in"] = true, out = true, dev = true, endpoint = true }
local made = {}
local function declare(prefix, fields)
	for _, f in ipairs(fields) do
		local id = prefix .. "." .. f[1]
		if texts[f[2]] then
			made[id] = ProtoField.string(id, f[1])
		elseif f[4] == 8 then
			made[id] = ProtoField.int64(id, f[1])
		else
			made[id] = ProtoField.int32(id, f[1])
		end
		F[id] = made[id]
	end
end
for server, calls in pairs(servers) do
	for _, call in pairs(calls) do
		declare("muk." .. server .. "." .. call.name, call.request)
		declare("muk." .. server .. "." .. call.name .. ".reply", call.reply)
	end
end
muk.fields = F

local function words_of(set, value)
	local words, left = {}, value
	for _, v in ipairs(sets[set] or {}) do
		if bit32.band(value, v[3]) == v[2] and (v[2] ~= 0 or v[3] ~= 0) then
			words[#words + 1] = v[1]
			left = bit32.band(left, bit32.bnot(v[3]))
		end
	end
	if left ~= 0 or #words == 0 then words[#words + 1] = string.format("0x%x", left) end
	return table.concat(words, "|")
end

local function text_of(f, data)
	local kind = f[2]
	if kind == "text" then return data:stringz() end
	if kind == "path" or kind == "name" then
		local bytes, room = data(8, 4):le_uint(), f[4] - 12
		if bytes >= room then return data(12, room):string() .. "..." end
		return data(12, room):stringz()
	end
	if kind == "in" or kind == "out" then
		return string.format("0x%s[%d]", data(0, 8):le_uint64():tohex(), data(8, 4):le_uint())
	end
	if kind == "dev" then
		local dev = data:le_uint()
		return string.format("%d,%d", bit32.rshift(dev, 8), bit32.band(dev, 255))
	end
	if kind == "endpoint" then return tostring(data:le_int()) end
	return words_of(f[5], data:le_uint())
end

local function add_fields(tree, prefix, fields, payload)
	local said = {}
	for _, f in ipairs(fields) do
		local data, id, shown = payload(f[3], f[4]), prefix .. "." .. f[1], nil
		if texts[f[2]] then
			shown = text_of(f, data)
			tree:add(made[id], data, shown)
			if f[2] == "path" or f[2] == "name" or f[2] == "text" then shown = '"' .. shown .. '"' end
		elseif f[4] == 8 then
			shown = tostring(data:le_int64())
			tree:add_le(made[id], data)
		else
			shown = tostring(data:le_int())
			tree:add_le(made[id], data)
		end
		said[#said + 1] = f[1] .. "=" .. shown
	end
	return table.concat(said, " ")
end

local function take_text(buffer, at)
	local bytes = buffer(at, 1):uint()
	return bytes > 0 and buffer(at + 1, bytes):string() or "", at + 1 + bytes
end

local function call_of(protocol, number)
	local calls = servers[protocol]
	return calls and calls[number] or servers["server"] and servers["server"][number]
end

function muk.dissector(buffer, info, tree)
	if buffer:len() < 51 or buffer(0, 1):uint() ~= 1 then return 0 end
	local full, request = buffer(1, 1):uint() == 1, buffer(4, 4):le_int()
	local event, at = buffer(8, 40), 48
	local kind, result = event(32, 2):le_uint(), event(34, 2):le_int()
	local m_type = event(36, 4):le_int()
	if full then at = at + 64 end
	local protocol, src, dst
	protocol, at = take_text(buffer, at)
	src, at = take_text(buffer, at)
	dst = take_text(buffer, at)
	local top = tree:add(muk, buffer(), "MUK " .. (kinds[kind] or "event"))
	local call = call_of(protocol, request)
	local name = call and (protocol .. "." .. call.name) or kinds[kind] or "event"
	local is_reply = kinds[kind] == "reply"
	local code = is_reply and m_type or result
	local said = ""
	top:add_le(F.seq, event(0, 8))
	top:add_le(F.call, event(16, 8))
	top:add_le(F.src_ep, event(24, 4))
	top:add_le(F.dst_ep, event(28, 4))
	top:add(F.src, buffer(48, 1), src)
	top:add(F.dst, buffer(48, 1), dst)
	top:add(F.kind, event(32, 2), kinds[kind] or tostring(kind))
	top:add_le(F.type, event(36, 4))
	top:add(F.name, event(36, 4), name)
	if code < 0 then
		said = errors[code] or tostring(code)
		top:add(F.error, event(34, 2), said)
	elseif full and call and is_reply then
		said = add_fields(top, "muk." .. protocol .. "." .. call.name .. ".reply", call.reply,
			buffer(56, 56))
	elseif full and call and m_type == request then
		said = add_fields(top, "muk." .. protocol .. "." .. call.name, call.request, buffer(56, 56))
	end
	info.cols.protocol = "MUK"
	info.cols.src = src
	info.cols.dst = dst
	info.cols.info = (kinds[kind] or "event") .. " " .. name .. (said ~= "" and " " .. said or "")
	return buffer:len()
end

-- 45 is its number where Wireshark's own init.lua, which names it, was left out.
DissectorTable.get("wtap_encap"):add(wtap and wtap.USER0 or 45, muk)
