# http.sh - requests that no browser sends.

# Sends bytes (printf's notation) to NWEB and shows what comes back.
request() { # BYTES
	exec 5<>"/dev/tcp/127.0.0.1/$port" || return
	printf "$1" >&5 2>/dev/null	# the server may hang up before the end
	timeout 0.3 cat <&5 | tr -d '\0' | head -c 300
	exec 5>&- 5<&-
}

http_answers() { # WHAT PATTERN BYTES
	local said
	said=$(request "$3" 2>&1)
	judge "$1" 0 "$2" 0 "$said"
}

http_garbage() {
	local port
	group='http'
	port=$(msh --json -c 'call nweb.status' | grep -oE '"port":[0-9]+' | grep -oE '[0-9]+')
	http_answers 'a request' '^HTTP/1.1 403' 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
	http_answers 'nothing known' '^HTTP/1.. [45]' 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n'
	http_answers 'no version' '^(HTTP/1.. [45]|$)' 'GET /\r\n\r\n'
	http_answers 'noise' '' '\x01\x02\xff\xfe\x00\x00\r\n\r\n'
	http_answers 'only line ends' '' '\r\n\r\n\r\n\r\n'
	http_answers 'out of the folder' '^HTTP/1.. 40[034]' \
		'GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n'
	http_answers 'out of it, hidden' '^HTTP/1.. 40[034]' \
		'GET /%%2e%%2e/%%2e%%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n'
	http_answers 'a zero byte' '^HTTP/1.. 40[034]' 'GET /a%%00b HTTP/1.1\r\nHost: x\r\n\r\n'
	http_answers 'a long path' '^HTTP/1.. 4' \
		"GET /$(printf '%03000d' 0) HTTP/1.1\r\nHost: x\r\n\r\n"
	http_answers 'a path without end' '^HTTP/1.. 4|^$' "GET /$(printf '%060000d' 0)"
	http_answers 'a header without end' '^HTTP/1.. 4|^$' \
		"GET / HTTP/1.1\r\nX: $(printf '%060000d' 0)\r\n\r\n"
	http_answers 'a length that is none' '^HTTP/1.. [45]|^$|^HTTP/1.1 404' \
		'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'
	http_answers 'ranges that are none' '^HTTP/1.. [24]' \
		'GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=9-1,x-,--\r\n\r\n'
	http_answers 'and then as before' '^HTTP/1.1 403' \
		'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
}
