# An extended advert arrives whole, beside legacy ones, where the kernel uses the extended commands.
long=$(printf '%0400d' 0 | sed 's/0/5a/g' | cut -c 1-388)

start_vradio -x
start_listening
as_user mi32 record >/run/record &
soon "it is recording" sh -c "echo '0 A4:C1:38:FF:FF:FF 020106' >/run/air; sleep 0.2; test -s /run/record"
both_come() { # sent until they are heard: the scan is refreshed every 20 s, which may lose one
	air "0 A4:C1:38:00:00:01 c5ff4c00$long ext nonconn rssi=-44"
	air "0 A4:C1:38:00:00:02 $(atc A4:C1:38:00:00:02 213 1)"
	wait_for 5 has /run/record "A4C138000001.*-44.*\"adv_hex\":\"c5ff4c00$long\"" &&
		has /run/mi32.out 'A4C138000002.*"temperature_c":21.3'
}
soon "all 198 bytes came, and a sensor's legacy advert" both_come
expect "by the extended commands, passively" has /run/commands '^cmd 2041 0000010060003000'
