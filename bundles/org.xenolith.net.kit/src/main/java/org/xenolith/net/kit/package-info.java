// SPDX-License-Identifier: EPL-2.0
/** What network cards have in common: frames, and what is counted of them. */
@NullMarked
package org.xenolith.net.kit;

import org.jspecify.annotations.NullMarked;
