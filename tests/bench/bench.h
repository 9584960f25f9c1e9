/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* What the programs that measure have in common; README.md says what they print. */

/* One figure. What is 0 or NULL is left out; @who is libxep174 then. */
typedef struct
{
  const char *group;
  const char *name;
  const char *who;
  const char *unit;
  double value;
  double floor;
  const char *floor_name;
  double ratio;
  double target;
} BenchRow;

#define BENCH_ROW(...) bench_row (&(BenchRow) { __VA_ARGS__ })

void   bench_row      (const BenchRow *row);
/* What is being measured now, for those who wait. */
void   bench_progress (const char *format,
                       ...) G_GNUC_PRINTF (1, 2);

double bench_now      (void);
/* This thread and what it starts run on one core from now on. */
void   bench_use_one_core (void);
/* As many as the system lets us have. */
void   bench_raise_descriptors (guint wanted);

/* What is allocated. What lies in the allocator's cache counts as allocated, too, so a program that asks
 * for this begins once more without that. */
void   bench_without_cache (char *argv[]);
gsize  bench_get_heap   (void);

/* Work that is measured from outside as well: callgrind counts nothing but what @func does. Prints
 * the time and the allocations that it took, as {"job": @label, …}. */
typedef void (*BenchWork) (gpointer data);
void   bench_job      (const char *label,
                       BenchWork   func,
                       gpointer    data);

G_END_DECLS
