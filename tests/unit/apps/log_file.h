/*
 * log_file.h: for tests of the log. What is written to standard error is kept in a file meanwhile.
 */
#ifndef MI32_TESTS_LOG_FILE_H
#define MI32_TESTS_LOG_FILE_H

#include <stdbool.h>

/* Standard error is the file until log_file_close(); no journal is near. False: it could not be. */
bool log_file_open(void);
void log_file_close(void);

/* All that was written since the last time. */
const char *log_file_text(void);

/* The file's descriptor. */
int log_file_fd(void);

#endif
