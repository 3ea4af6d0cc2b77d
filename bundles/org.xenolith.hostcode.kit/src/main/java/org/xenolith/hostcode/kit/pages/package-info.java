// SPDX-License-Identifier: EPL-2.0
/** Pages of guests' instructions and the host's code that was made of them: found, void once they are written to, kept between runs. */
@NullMarked
package org.xenolith.hostcode.kit.pages;

import org.jspecify.annotations.NullMarked;
