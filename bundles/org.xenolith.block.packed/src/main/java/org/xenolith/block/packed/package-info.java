// SPDX-License-Identifier: EPL-2.0
/** Raw disk images that are packed as a whole. */
package org.xenolith.block.packed;
