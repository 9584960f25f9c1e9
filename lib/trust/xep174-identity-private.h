/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-certificate-private.h"
#include "xep174-identity.h"

G_BEGIN_DECLS

Xep174Certificate *xep174_identity_get_certificate (Xep174Identity *self);

G_END_DECLS
