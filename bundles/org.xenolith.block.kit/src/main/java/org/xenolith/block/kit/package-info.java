// SPDX-License-Identifier: EPL-2.0
/** What disks have in common whatever they lie in: their requests, and the files of the host that hold them. */
@NullMarked
package org.xenolith.block.kit;

import org.jspecify.annotations.NullMarked;
