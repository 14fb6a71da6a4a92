/* Preloaded into a process: after FAULT_AFTER calls of a kind, files fail as a full, broken or read-only disk does. Its
   clock goes wrong by FAULT_SECONDS, which may change as it runs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int is_due(const char *kind) {
    static int calls = 0;
    const char *asked = getenv("FAULT_KIND"), *after = getenv("FAULT_AFTER");
    if (!asked || strcmp(asked, kind) != 0) return 0;
    return ++calls > (after ? atoi(after) : 0);
}

static int is_file(int fd) {
    struct stat state;
    return fstat(fd, &state) == 0 && S_ISREG(state.st_mode);
}

#define WRITES(name, place_type)                                                     \
    ssize_t name(int fd, const void *data, size_t size, place_type place) {          \
        static ssize_t (*real)(int, const void *, size_t, place_type);               \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                        \
        if (is_file(fd) && is_due("space")) { errno = ENOSPC; return -1; }           \
        return real(fd, data, size, place);                                          \
    }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
    if (is_file(fd) && is_due("space")) { errno = ENOSPC; return -1; }
    return real(fd, data, size);
}

#define SYNCS(name)                                                                  \
    int name(int fd) {                                                               \
        static int (*real)(int);                                                     \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                        \
        if (is_due("sync")) { errno = EIO; return -1; }                              \
        return real(fd);                                                             \
    }
SYNCS(fsync)
SYNCS(fdatasync)

#define OPENS(name)                                                                  \
    int name(const char *path, int flags, ...) {                                     \
        static int (*real)(const char *, int, ...);                                  \
        va_list more;                                                                \
        va_start(more, flags);                                                       \
        int mode = va_arg(more, int);                                                \
        va_end(more);                                                                \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                        \
        const char *folder = getenv("FAULT_FOLDER");                                 \
        if (folder && (flags & (O_WRONLY | O_RDWR | O_CREAT)) && strncmp(path, folder, strlen(folder)) == 0 && \
            is_due("readonly")) { errno = EROFS; return -1; }                        \
        return real(path, flags, mode);                                              \
    }
OPENS(open)
OPENS(open64)

static long wrong_by(void) {
    const char *seconds = getenv("FAULT_SECONDS");
    return seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && clock == CLOCK_REALTIME) now->tv_sec += wrong_by();
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    static int (*real)(struct timeval *, void *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "gettimeofday");
    int failed = real(now, zone);
    if (!failed) now->tv_sec += wrong_by();
    return failed;
}

time_t time(time_t *place) {
    static time_t (*real)(time_t *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "time");
    time_t now = real(0) + wrong_by();
    if (place) *place = now;
    return now;
}
