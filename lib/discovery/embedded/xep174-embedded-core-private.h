/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <avahi-core/core.h>
#include <avahi-core/log.h>
#include <avahi-core/lookup.h>
#include <avahi-core/publish.h>
#include <avahi-core/rr.h>
#include <glib.h>

/* The functions of avahi-core that we call. */
#define XEP174_AVAHI_CORE_FUNCTIONS(FUNCTION) \
  FUNCTION (key_new)                          \
  FUNCTION (key_unref)                        \
  FUNCTION (rdata_parse)                      \
  FUNCTION (rdata_serialize)                  \
  FUNCTION (record_new_full)                  \
  FUNCTION (record_unref)                     \
  FUNCTION (s_entry_group_commit)             \
  FUNCTION (s_entry_group_free)               \
  FUNCTION (s_entry_group_get_state)          \
  FUNCTION (s_entry_group_new)                \
  FUNCTION (s_entry_group_reset)              \
  FUNCTION (s_record_browser_free)            \
  FUNCTION (s_record_browser_new)             \
  FUNCTION (server_add)                       \
  FUNCTION (server_add_address)               \
  FUNCTION (server_add_service_strlst)        \
  FUNCTION (server_config_free)               \
  FUNCTION (server_config_init)               \
  FUNCTION (server_errno)                     \
  FUNCTION (server_free)                      \
  FUNCTION (server_new)                       \
  FUNCTION (server_update_service_txt_strlst) \
  FUNCTION (set_log_function)

typedef struct
{
#define XEP174_AVAHI_CORE_MEMBER(name) __typeof__ (avahi_##name) *name;
  XEP174_AVAHI_CORE_FUNCTIONS (XEP174_AVAHI_CORE_MEMBER)
#undef XEP174_AVAHI_CORE_MEMBER
} Xep174AvahiCore;

/* The library. It is opened at the first call and never closed. If it is not installed: NULL, and
 * XEP174_DISCOVERY_ERROR_NOT_SUPPORTED. */
const Xep174AvahiCore *xep174_avahi_core_open (GError **error);
