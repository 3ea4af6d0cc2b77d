// SPDX-License-Identifier: EPL-2.0
/** Raw disk images: the file's bytes are the disk's. */
package org.xenolith.block.raw;
