# MI32Option4 1 asks sensors for scan responses, 0 ends that: the controller's log says so.
start_vradio
start_listening
expect "passive at first" has_not /run/commands 'scan on active'
as_user mi32 record >/run/record &
expect "the option is set" mi32_says MI32Option4 1
soon "active" has /run/commands 'scan on active'
asked() {
	air '0 A4:C1:38:00:00:01 020106 0409616263'
	has /run/record '0409616263'
}
soon "a scan response came" asked
expect "the option is reset" mi32_says MI32Option4 0
last_is_passive() {
	grep '^scan on' /run/commands | tail -n 1 | grep -q passive
}
soon "passive again" last_is_passive
