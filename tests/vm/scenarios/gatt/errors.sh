# Every error code that Berry programs know, from a device or the lack of one.
D=A4:C1:38:00:00:01
start_vradio -g /vm/scenarios/gatt/devices.txt
hciconfig hci0 up

probe A4:C1:38:00:00:77 fff0 read fff1
tells "1: nobody there" "1 1 fff1 0000 " "# The device could not be reached: bring it nearer, or wake it."
probe $D abcd read fff1
tells "3: no such service" "1 3 fff1 0000 " "# The device does not have that service."
probe $D fff0 read 2a00
tells "4: no such characteristic" "1 4 2a00 0000 " "# The device does not have that characteristic."
probe $D fff0 read fff2
tells "5: not readable" "1 5 fff2 0008 " "# The characteristic does not permit that."
probe $D fff0 read fff7
tells "5: reading refused by the device" "1 5 fff7 0014 " "# The device refused."
probe $D fff0 subscribe fff1
tells "6: cannot notify" "3 6 fff1 0006 " "# The characteristic does not permit that."
probe $D fff0 subscribe fff9
tells "6: subscribing refused by the device" "3 6 fff9 0018 " "# The device refused."
probe $D fff0 write fff1 00
tells "7: not writable" "2 7 fff1 0006 " "# The characteristic does not permit that."
probe $D fff0 write fff8 00
tells "8: writing refused by the device" "2 8 fff8 0016 " "# The device refused."
probe $D fff0 subscribe+ fff3
tells "9: no notification" "3 9 fff3 000a " "# The device did not answer."
sleep 3 # the kernel keeps the link for 2 s

probe $D fff0 read fff1 say idle lost &
wait_for $LIMIT has /run/probe.out '^idle'
air '0 drop'
soon "2: disconnected by the device while nothing is asked" has /run/probe.out '^5 2 '
sleep 3
lost="# The connection was lost: bring the device nearer."
probe $D fff0 read fffb
tells "2: disconnected while reading" "1 2 fffb 001d " "$lost"
sleep 3
probe $D fff0 write fffb 00
tells "2: while writing" "2 2 fffb 001d " "$lost"
sleep 3
probe $D fff0 subscribe fffb
tells "2: while subscribing" "3 2 fffb 001d " "$lost"
sleep 3

probe $D fff0 read fff1 say holding await 1 &
wait_for $LIMIT has /run/probe.out '^holding'
su user -c "exec gatt_probe $D fff0 read fff1" >/run/second.out 2>&1
expect "1: held by another program" has /run/second.out '^1 1 fff1'
expect "which is said" has /run/second.out 'Another program here is connected to it'
killall gatt_probe
sleep 3

probe $D fff0 read fffa
tells "5: wants a pairing, which the device then refuses" "1 5 fffa 001b " \
	"# The device wants a Bluetooth pairing, which did not come about."
sleep 3
hciconfig hci0 down
probe $D fff0 read fff1
tells "1: no adapter that is on" "1 1 fff1 0000 " "# There is no Bluetooth adapter that is on: see mi32 doctor."
