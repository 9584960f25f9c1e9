/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-message.h"

Xep174Message *xep174_message_new_from_element (Xep174Element *element);
Xep174Element *xep174_message_to_element       (Xep174Message *self,
                                                GError       **error);
