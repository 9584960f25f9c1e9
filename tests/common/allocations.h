/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdlib.h>

/* Counts what is allocated, by standing in front of glibc's allocator; for one source of a program. */

static size_t allocations;

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t count, size_t size);
void *__libc_realloc (void *memory, size_t size);

void *
malloc (size_t size)
{
  allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t count,
        size_t size)
{
  allocations++;
  return __libc_calloc (count, size);
}

void *
realloc (void  *memory,
         size_t size)
{
  allocations++;
  return __libc_realloc (memory, size);
}
