/* berry_host.h: what a Berry script that a user starts by hand may use: files, clock, os. */
#ifndef MI32_APPS_BERRY_HOST_H
#define MI32_APPS_BERRY_HOST_H

#include "berry/berry.h"

extern const struct berry_files berry_host_files;
extern const struct berry_os berry_host_os;
extern const struct berry_clock berry_host_clock;

#endif
