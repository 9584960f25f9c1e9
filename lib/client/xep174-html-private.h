/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

char *xep174_html_dup_text (Xep174Element *message);
