# MI32FullDuty 1 opens the receiver for all of each interval, 0 for half of it, as the kernel had it: so
# says the controller's log. At the end the kernel has its own duty and no scan.
start_vradio
start_listening
is_window() { # of 60 ms: in the last parameters of a scan
	[ "$(grep '^cmd 200b' /run/commands | tail -n 1 | cut -c 10-19)" = "006000$1" ]
}
is_off() {
	grep '^scan' /run/commands | tail -n 1 | grep -q '^scan off'
}
soon "half at first" is_window 3000
expect "the option is set" mi32_says MI32FullDuty 1
soon "all of it" is_window 6000
soon "said" has /run/mi32.log 'hci0 listens: monitor, passive, 100 %'
soon "and hears" hears 211
stop_mi32
soon "the scan has ended" is_off
start_listening
soon "all of it again" is_window 6000
expect "the option is reset" mi32_says MI32FullDuty 0
soon "half" is_window 3000
soon "and hears" hears 212
