// SPDX-License-Identifier: EPL-2.0
/** Disks between a machine and the outside. */
@NullMarked
package org.xenolith.block.api;

import org.jspecify.annotations.NullMarked;
