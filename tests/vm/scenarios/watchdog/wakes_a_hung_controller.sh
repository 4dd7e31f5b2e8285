# The controller hangs: it answers no command and reports nothing. mi32 notices the silence, tries what can
# help, counts it, and hears again as soon as the controller answers, without a restart. From Linux 6.12 on
# a connection is being made meanwhile; 6.1 can crash then, whoever asks for it.
start_vradio
start_listening
count_of() { # NAME: a number of MI32Radio
	mi32_says MI32Radio | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}
soon "it hears" hears 211
if is_kernel 6.12; then
	su user -c "exec gatt_probe A4:C1:38:00:00:77 fff0 read fff1" >/run/probe.out 2>&1 &
	soon "a connection is being made" has /run/commands '^cmd 2011 0077000038c1a4'
fi
air '0 hang'
LIMIT=180
soon "the silence is said" has /run/mi32.log 'hci0 is silent for too long: its scan is restarted'
soon "and what comes of it" has /run/mi32.log 'hci0 is still silent: it is switched off and on|hci0 does not answer'
air '0 unhang'
soon "it listens" sh -c 'grep hci0 /run/mi32.log | tail -n 1 | grep -q "hci0 listens:"'
soon "and hears" hears 213
if is_kernel 6.12; then
	soon "the connection has failed" has /run/probe.out '^1 1 fff1 0000'
fi
expect "a restart was counted" [ "$(count_of Restarts)" -ge 1 ]
mi32_says MI32Radio
