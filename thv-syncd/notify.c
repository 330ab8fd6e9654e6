/*
 * sd_notify, or nothing.
 */
#include "config.h"

#include "common/util/clock.h"
#include "common/util/utf8.h"
#include "thv-syncd/notify.h"
#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

static void tell(const char *text)
{
#ifdef HAVE_SYSTEMD
    (void)sd_notify(0, text);
#else
    (void)text;
#endif
}

void mcpr_notify_ready(void)
{
    tell("READY=1");
}

/* A line of its own: what follows a line's end would be taken for another message. Cut at a character. */
static void make_one_line(char *text)
{
    apr_size_t len = strlen(text);

    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f) {
            *p = ' ';
        }
    }
    for (int cut = 0; cut < 3 && !mcpr_utf8_valid(text, len); cut++) {
        text[--len] = '\0';
    }
}

void mcpr_notify_status(const char *format, ...)
{
    static char last[512];
    char text[512] = "STATUS=";
    const size_t head = strlen(text);
    va_list values;

    va_start(values, format);
    vsnprintf(text + head, sizeof text - head, format, values);
    va_end(values);
    make_one_line(text);
    if (strcmp(text, last) != 0) {
        apr_cpystrn(last, text, sizeof last);
        tell(text);
    }
}

void mcpr_notify_reloading(void)
{
    char text[96];

    snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)mcpr_clock());
    tell(text);
}

void mcpr_notify_stopping(void)
{
    tell("STOPPING=1");
}

void mcpr_notify_extend(int seconds)
{
    char text[64];

    snprintf(text, sizeof text, "EXTEND_TIMEOUT_USEC=%lld", (long long)seconds * 1000000);
    tell(text);
}

void mcpr_notify_alive(void)
{
#ifdef HAVE_SYSTEMD
    static apr_time_t next;
    static int known, wanted;
    static uint64_t every;

    if (!known) {
        wanted = sd_watchdog_enabled(0, &every) > 0;
        known = 1;
    }
    if (wanted && mcpr_clock() >= next) {
        next = mcpr_clock() + (apr_time_t)every / 3;
        tell("WATCHDOG=1");
    }
#endif
}
