/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "http-server.h"
#include "transfer-sides.h"

#define MERCUTIO "mercutio@verona"
#define HERE     "127.0.0.1"
#define OK       "HTTP/1.1 200 OK\r\n"
#define TAKEN    "result;"
#define MISSING  "404 item-not-found;"
#define REFUSED  "406 not-acceptable;"

/* Mercutio offers, as telepathy-salut does, what juliet may fetch. */
typedef struct
{
  Sides sides;
  Xep174SessionManager *offerer;
  GString *answers;
  HttpServer *server;
  guint n_said;
} Oob;

/* @encrypted: if it is not NULL, both have keys. */
void    oob_set_up        (Oob           *f,
                           gconstpointer  encrypted);
void    oob_tear_down     (Oob           *f,
                           gconstpointer  encrypted);
/* Takes @reply. */
void    oob_begin_serving (Oob           *f,
                           const char    *address,
                           GBytes        *reply,
                           gsize          step,
                           gboolean       holds);
GBytes *oob_text          (const char    *reply);
void    oob_say           (Oob           *f,
                           const char    *query);
void    oob_offer_at      (Oob           *f,
                           const char    *address,
                           const char    *name,
                           const char    *attributes);
/* Removes what has come. */
void    oob_remove        (Oob           *f);

#define OOB_ADD(path, function) g_test_add (path, Oob, NULL, oob_set_up, function, oob_tear_down)
