# --radio user:hci0: the adapter is taken from the kernel, refused while another has it, and given back.
start_vradio
hciconfig hci0 up
start_bluetoothd
start_mi32 --radio user:hci0
soon "it has the adapter, or says who has" has /run/mi32.log 'hci0 listens: user channel|Stop bluetoothd'
kill $bluetoothd_pid
soon "it listens" has /run/mi32.log 'hci0 listens: user channel, passive'
air "0 A4:C1:38:00:00:01 $(atc A4:C1:38:00:00:01 211 1)"
soon "and hears" has /run/mi32.out '"temperature_c":21.1,'
air "0 A4:C1:38:00:00:01 $(atc A4:C1:38:00:00:01 211 1)"
stop_mi32
soon "the adapter is free again" hciconfig hci0 up
