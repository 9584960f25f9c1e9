/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

char *xep174_html_dup_text  (Xep174Element *message);
/* The text of @element and of all that is in it, a line for each block. */
char *xep174_html_dup_words (Xep174Element *element);
