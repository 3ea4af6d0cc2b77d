// SPDX-License-Identifier: EPL-2.0
/** Where guest time goes: how an application asks for a profile of a machine. */
@NullMarked
package org.xenolith.profile.api;

import org.jspecify.annotations.NullMarked;
