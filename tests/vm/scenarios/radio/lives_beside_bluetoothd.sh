# bluetoothd runs beside: mi32 hears before, during and after its discovery, when it is stopped (it then
# switches the adapter off) and when it is started (it then removes every monitor).
start_vradio
start_bluetoothd
start_listening
next=210
hears() { # one frame more, until one is heard
	next=$((next + 1))
	air "0 A4:C1:38:00:00:01 $(atc A4:C1:38:00:00:01 $next $((next - 200)))"
	sleep 0.3
	has /run/mi32.out "\"temperature_c\":$((next / 10))\.$((next % 10)),|\"temperature_c\":$((next / 10)),"
}
soon "it hears" hears
mkfifo /run/ctl
bluetoothctl </run/ctl >/run/ctl.log 2>&1 &
exec 4>/run/ctl
echo 'scan on' >&4
soon "bluetoothd discovers" has /run/commands 'scan on active'
soon "it hears during the discovery" hears
air "0 A4:C1:38:00:00:77 020106 0909626c7565746f6f"
echo 'scan off' >&4
sleep 1
soon "it hears after the discovery" hears
exec 4>&-

kill $bluetoothd_pid
soon "bluetoothd has ended" gone $bluetoothd_pid
soon "it hears without bluetoothd" hears
start_bluetoothd
soon "it hears beside the new bluetoothd" hears
soon "the loss of the monitor was said" has /run/mi32.log 'was taken from mi32 by another program'
sleep 3
soon "it goes on" hears
tail -n 20 /run/mi32.log
