// SPDX-License-Identifier: EPL-2.0
/**
 * A machine's past: any moment since its launch, as a machine of its own that stands there and can be looked into, moved forwards and backwards. The machine itself, the present
 * one, is never touched by any of it.
 */
@NullMarked
package org.xenolith.history.api;

import org.jspecify.annotations.NullMarked;
