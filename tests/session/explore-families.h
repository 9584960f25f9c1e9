/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explore-private.h"

G_BEGIN_DECLS

typedef struct
{
  const char        *name;
  const char *const (*scripts)[2]; /* ended by NULL */
  const guint       *fault_kinds;  /* each in its turn; ended by 0 */
  Config             config;
  gboolean           both_ways;    /* once with each side the smaller */
} Family;

const Family *explore_families    (gboolean deep,
                                   guint   *n);
void          explore_family      (const Family *family,
                                   void        (*visit) (const Config *config,
                                                         gpointer      data),
                                   gpointer      data);
char         *explore_config_name (const Config *config);

G_END_DECLS
