/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

/* What @element says if it is a stanza that was sent back as an error, else NULL. */
GError *xep174_refusal_new_from_element (Xep174Element *element);
