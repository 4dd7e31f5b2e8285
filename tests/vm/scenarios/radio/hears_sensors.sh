# Adverts of many addresses whose payloads change, and repetitions of unchanged ones, reach `mi32 run`
# as an ordinary user with two capabilities; the controller was told to scan passively, without
# filtering duplicates.
sensors=20 rounds=5

start_vradio
start_listening
same "it runs as the ordinary user" "$(awk '/^Uid:/ { print $2, $3 }' /proc/$mi32_pid/status)" "1000 1000"
same "it has two capabilities" "$(awk '/^CapEff:/ { print $2 }' /proc/$mi32_pid/status)" 0000000000003000
as_user mi32 record >/run/record &
soon "it is recording" sh -c "echo '0 A4:C1:38:FF:FF:FF 020106' >/run/air; sleep 0.2; test -s /run/record"

round=0
while [ $round -lt $rounds ]; do
	sensor=0
	while [ $sensor -lt $sensors ]; do
		mac=$(printf 'A4:C1:38:00:00:%02X' $sensor)
		echo "2 $mac $(atc $mac $((201 + round)) $round) rssi=$((-40 - sensor))"
		sensor=$((sensor + 1))
	done
	round=$((round + 1))
done >/run/frames
different() { # FILE PATTERN NUMBER: what the two groups of the pattern match, without repetitions
	[ "$(sed -nE "s/.*$2.*/\1 \2/p" "$1" | sort -u | wc -l)" = "$3" ]
}
all_come() { # in one block, that is: the scan is refreshed every 20 s, which may lose one
	cat /run/frames >&3
	wait_for 10 different /run/record '"mac":"(A4C1380000..)".*"adv_hex":"([0-9a-f]*)"' $((sensors * rounds))
}
soon "all frames came" all_come
soon "all values came" different /run/mi32.out '"mac":"(A4C1380000..)".*"temperature_c":(20\.[1-5]),' $((sensors * rounds))
expect "with their strengths" different /run/record '"mac":"(A4C138000013)","rssi":-59.*"adv_hex":"([0-9a-f]*)"' $rounds

repetitions_come() {
	before=$(count /run/record '"mac":"A4C138000099"')
	for i in 1 2 3 4 5; do air '20 A4:C1:38:00:00:99 020106'; done
	wait_for 5 counts /run/record '"mac":"A4C138000099"' $((before + 5))
}
soon "each repetition comes" repetitions_come

expect "scanned passively, duplicates unfiltered" has /run/commands '^scan on passive dup-filter=0 accept-list=0'
expect "never actively" has_not /run/commands 'scan on active'
