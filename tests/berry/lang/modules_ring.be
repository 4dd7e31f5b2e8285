# Imported by 17_modules.be: leads back to itself through another file.
import modules_ring_back
return module("ring")
