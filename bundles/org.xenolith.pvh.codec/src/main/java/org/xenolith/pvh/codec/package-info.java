// SPDX-License-Identifier: EPL-2.0
/** What the PVH boot ABI has in files and memory: notes of kernels, bzImage, start_info with its modules and memory map. */
package org.xenolith.pvh.codec;
