// SPDX-License-Identifier: EPL-2.0
/** Unpacking kernels that are entered by the PVH boot ABI. */
@NullMarked
package org.xenolith.pvh.kit;

import org.jspecify.annotations.NullMarked;
