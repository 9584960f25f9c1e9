/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* A received message as HTML for libpurple. */
char *prpl_markup_dup_html (Xep174Message *message);

/* Adds @xhtml, a piece of XHTML, to @message beside its body, if it says more than @plain. */
void  prpl_markup_append   (Xep174Element *message,
                            const char    *plain,
                            const char    *xhtml);
