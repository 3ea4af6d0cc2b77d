// SPDX-License-Identifier: EPL-2.0
/** What boot flows have in common: where images and trees come to lie, and what a guest is told of its machine. */
@NullMarked
package org.xenolith.boot.kit;

import org.jspecify.annotations.NullMarked;
