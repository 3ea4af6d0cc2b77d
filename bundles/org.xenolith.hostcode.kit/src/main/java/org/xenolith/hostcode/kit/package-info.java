// SPDX-License-Identifier: EPL-2.0
/** Writing the host's machine code: memory for it, and x86-64's instructions. A kit: promised to nobody. */
@NullMarked
package org.xenolith.hostcode.kit;

import org.jspecify.annotations.NullMarked;
