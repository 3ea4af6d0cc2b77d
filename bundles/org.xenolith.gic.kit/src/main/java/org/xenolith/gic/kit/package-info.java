// SPDX-License-Identifier: EPL-2.0
/** What models of Arm's interrupt controllers have in common (Arm IHI 0048B, IHI 0069). */
@NullMarked
package org.xenolith.gic.kit;

import org.jspecify.annotations.NullMarked;
