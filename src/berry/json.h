/* The two halves of the module json. */
#ifndef BERRY_JSON_H
#define BERRY_JSON_H

#include "vm.h"

bool br_json_load(struct berry *vm, int argc);
bool br_json_dump(struct berry *vm, int argc);

#endif
