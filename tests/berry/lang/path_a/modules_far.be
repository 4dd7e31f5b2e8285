# Finds its neighbour: the folder of the importing source comes first.
import modules_near
return "far " + modules_near
