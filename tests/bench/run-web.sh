#!/usr/bin/env bash
# run-web.sh - NWEB beside nginx and Apache: one worker each on core 0, wrk on
# core 1, the same files, keep-alive, a line of log a request, bodies compared.
#
# Prints requests/s for nweb.612 and MB/s for the larger files. Ends all that it
# started, by process id.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PWD/build/bin:$PATH:/usr/sbin:/sbin"
peers=$(bash tests/bench/fetch-peers.sh)
export LD_LIBRARY_PATH=$peers/usr/lib/x86_64-linux-gnu:$peers/usr/lib/aarch64-linux-gnu
wrk=$peers/usr/bin/wrk
work=$(mktemp -d /dev/shm/muk-bench-XXXXXX)
pids=
trap 'for pid in $pids; do kill $pid 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT

port_muk=18080 port_nginx=18081 port_apache=18082
seconds=${SECONDS_EACH:-2}

make_files() {
	mkdir "$work/site"
	head -c 612 /dev/urandom | base64 -w 0 | head -c 612 >"$work/site/612.html"
	head -c 10485760 /dev/urandom >"$work/site/10m.bin"
	head -c 52428800 /dev/urandom >"$work/site/50m.bin"
}

start_muk() {
	truncate --size 96M "$work/disk.img"
	mkfs.minix -3 "$work/disk.img" >/dev/null
	cp samples/figure4/*.cfg "$work/"
	bash tests/bench/web-config.sh "$work" $port_muk
	taskset -c 0 muk "$work/muk.cfg" --dir "$work" >"$work/muk.log" 2>&1 &
	pids="$pids $!"
	await_port $port_muk "$work/muk.log"
	for file in 612.html 10m.bin 50m.bin; do
		mukshell attach dc0 --dir "$work" -q -c "put $work/site/$file /$file" >/dev/null
	done
}

start_nginx() {
	mkdir -p "$work/nginx"
	cat >"$work/nginx.conf" <<-EOF
	daemon off; worker_processes 1; pid $work/nginx/pid; error_log $work/nginx/error.log;
	user root;
	events { worker_connections 1024; }
	http {
		sendfile on; tcp_nopush on; keepalive_requests 1000000000;
		access_log $work/nginx/access.log;
		client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p;
		fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u;
		scgi_temp_path $work/nginx/s;
		types { text/html html; application/octet-stream bin; }
		server { listen 127.0.0.1:$port_nginx; root $work/site; }
	}
	EOF
	taskset -c 0 "$peers/usr/sbin/nginx" -p "$work/nginx" -c "$work/nginx.conf" \
		>"$work/nginx/out" 2>&1 &
	pids="$pids $!"
	await_port $port_nginx "$work/nginx/error.log"
}

start_apache() {
	local modules=$peers/usr/lib/apache2/modules
	mkdir -p "$work/apache"
	cat >"$work/apache.conf" <<-EOF
	ServerRoot $work/apache
	ServerName localhost
	Listen 127.0.0.1:$port_apache
	PidFile $work/apache/pid
	ErrorLog $work/apache/error.log
	LoadModule mpm_event_module $modules/mod_mpm_event.so
	LoadModule authz_core_module $modules/mod_authz_core.so
	LoadModule mime_module $modules/mod_mime.so
	TypesConfig /dev/null
	AddType text/html .html
	StartServers 1
	ServerLimit 1
	ThreadsPerChild 64
	MaxRequestWorkers 64
	FileETag INode MTime Size
	KeepAlive On
	MaxKeepAliveRequests 0
	LogFormat "%h %t \"%r\" %>s %b" short
	CustomLog $work/apache/access.log short
	DocumentRoot $work/site
	<Directory $work/site>
		Require all granted
	</Directory>
	EOF
	taskset -c 0 "$peers/usr/sbin/apache2" -d "$work/apache" -f "$work/apache.conf" -DFOREGROUND \
		>"$work/apache/out" 2>&1 &
	pids="$pids $!"
	await_port $port_apache "$work/apache/error.log"
}

await_port() {
	for _ in $(seq 100); do
		(: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
		sleep 0.05
	done
	cat "$2" >&2
	exit 1
}

compare_bodies() {
	for file in 612.html 10m.bin 50m.bin; do
		for port in $port_muk $port_nginx $port_apache; do
			curl -s "http://127.0.0.1:$port/$file" | cmp -s - "$work/site/$file" || {
				echo "$file differs on port $port" >&2
				exit 1
			}
		done
	done
}

# load PORT FILE CONNECTIONS - prints requests/s and bytes/s
load() {
	taskset -c 1 "$wrk" -t 1 -c "$3" -d "${seconds}s" "http://127.0.0.1:$1/$2" |
		awk '/Requests\/sec/ { r = $2 }
		     /Transfer\/sec/ { b = $2 + 0
			if ($2 ~ /KB/) b *= 1024; if ($2 ~ /MB/) b *= 1048576
			if ($2 ~ /GB/) b *= 1073741824 }
		     /Non-2xx|Socket errors/ { print > "/dev/stderr" }
		     END { printf "%s %.0f\n", r, b }'
}

# figure NAME FILE CONNECTIONS COLUMN SCALE UNIT
figure() {
	local ours nginx apache
	ours=$(load $port_muk "$2" "$3" | awk -v c="$4" -v s="$5" '{ print $c / s }')
	nginx=$(load $port_nginx "$2" "$3" | awk -v c="$4" -v s="$5" '{ print $c / s }')
	apache=$(load $port_apache "$2" "$3" | awk -v c="$4" -v s="$5" '{ print $c / s }')
	printf '%s\t%s\t%s\tmore\tnginx\t%s\n' "$1" "$ours" "$6" "$nginx"
	printf '%s\t%s\t%s\tmore\tApache\t%s\n' "$1" "$ours" "$6" "$apache"
}

make_files
start_muk
start_nginx
start_apache
compare_bodies
figure nweb.612 612.html 32 1 1 req/s
figure nweb.10m 10m.bin 4 2 1000000 MB/s
figure nweb.50m 50m.bin 4 2 1000000 MB/s
