/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-directory.h"

G_BEGIN_DECLS

/* A directory that tests write in. An address is a host, with or without a port. */

#define TEST_TYPE_BOOK (test_book_get_type ())
G_DECLARE_FINAL_TYPE (TestBook, test_book, TEST, BOOK, GObject)

TestBook *test_book_new          (void);
/* Several names may have one host, a name several hosts: these are told one after the other. */
void      test_book_add          (TestBook   *self,
                                  const char *name,
                                  const char *host,
                                  guint16     port);
/* All of them are elsewhere now; with %NULL they are gone. */
void      test_book_move         (TestBook   *self,
                                  const char *host);
/* How often it was asked how to reach somebody. */
guint     test_book_get_look_ups (TestBook *self);
/* Questions are kept until test_book_answer() is called. */
void      test_book_set_slow     (TestBook *self,
                                  gboolean  slow);
void      test_book_answer       (TestBook *self);
guint     test_book_count_questions (TestBook *self);
guint     test_book_get_failures (TestBook *self);

G_END_DECLS
