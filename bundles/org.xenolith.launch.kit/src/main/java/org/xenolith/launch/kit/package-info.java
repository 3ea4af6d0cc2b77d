// SPDX-License-Identifier: EPL-2.0
/** What launches are made of: from a request to a machine that runs, and one driver of its run. */
@NullMarked
package org.xenolith.launch.kit;

import org.jspecify.annotations.NullMarked;
