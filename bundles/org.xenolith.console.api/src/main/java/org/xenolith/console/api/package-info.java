// SPDX-License-Identifier: EPL-2.0
/** Serial lines and displays between a machine and the outside. */
@NullMarked
package org.xenolith.console.api;

import org.jspecify.annotations.NullMarked;
