/* measure N PROGRAM ARG...: runs it N times; prints the best CPU microseconds and the least peak of
 * resident kilobytes. In C, since a child counts the memory of what started it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long microseconds(const struct rusage *u)
{
    return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000L + u->ru_utime.tv_usec +
           u->ru_stime.tv_usec;
}

int main(int argc, char **argv)
{
    long best_time = 0, best_memory = 0;
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    for (int i = 0; i < runs; i++) {
        struct rusage usage;
        int status;
        pid_t pid = fork();
        if (pid == 0) {
            execvp(argv[2], argv + 2);
            _exit(127);
        }
        if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
            return 1;
        if (i == 0 || microseconds(&usage) < best_time)
            best_time = microseconds(&usage);
        if (i == 0 || usage.ru_maxrss < best_memory)
            best_memory = usage.ru_maxrss;
    }
    printf("%ld %ld\n", best_time, best_memory);
    return runs > 0 ? 0 : 2;
}
