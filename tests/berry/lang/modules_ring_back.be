import modules_ring
return module("back")
