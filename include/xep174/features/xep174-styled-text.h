/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174TextStyle:
 * @XEP174_TEXT_STYLE_PLAIN: nothing special
 * @XEP174_TEXT_STYLE_EMPHASIS: usually shown in italics
 * @XEP174_TEXT_STYLE_STRONG: usually shown in bold
 * @XEP174_TEXT_STYLE_STRUCK: shown with a line through it
 * @XEP174_TEXT_STYLE_CODE: shown with characters of one width
 * @XEP174_TEXT_STYLE_BLOCK: in a block of its own, with all of its spaces; always with
 *   %XEP174_TEXT_STYLE_CODE
 *
 * How a part of a text is to be shown (XEP-0393).
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_TEXT_STYLE_PLAIN = 0,
  XEP174_TEXT_STYLE_EMPHASIS = 1 << 0,
  XEP174_TEXT_STYLE_STRONG = 1 << 1,
  XEP174_TEXT_STYLE_STRUCK = 1 << 2,
  XEP174_TEXT_STYLE_CODE = 1 << 3,
  XEP174_TEXT_STYLE_BLOCK = 1 << 4,
} Xep174TextStyle;

/**
 * Xep174StyledRun:
 * @start: where it begins in the text, in octets
 * @length: how long it is, in octets
 * @style: how it is to be shown
 * @quoted: in how many quotations it stands
 *
 * A part of a text that is shown in one way.
 *
 * Since: 1.0
 */
typedef struct
{
  gsize start;
  gsize length;
  Xep174TextStyle style;
  guint quoted;
} Xep174StyledRun;

#define XEP174_TYPE_STYLED_RUN (xep174_styled_run_get_type ())
XEP174_AVAILABLE_IN_1_0
GType            xep174_styled_run_get_type (void) G_GNUC_CONST;
XEP174_AVAILABLE_IN_1_0
Xep174StyledRun *xep174_styled_run_copy     (const Xep174StyledRun *self);
XEP174_AVAILABLE_IN_1_0
void             xep174_styled_run_free     (Xep174StyledRun *self);

XEP174_AVAILABLE_IN_1_0
GPtrArray       *xep174_styled_text_parse   (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174StyledRun, xep174_styled_run_free)

G_END_DECLS
