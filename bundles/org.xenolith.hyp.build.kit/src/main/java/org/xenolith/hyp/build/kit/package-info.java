// SPDX-License-Identifier: EPL-2.0
/** What builders of domains share on every architecture. */
@NullMarked
package org.xenolith.hyp.build.kit;

import org.jspecify.annotations.NullMarked;
