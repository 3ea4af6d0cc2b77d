// SPDX-License-Identifier: EPL-2.0
/**
 * Folders of the host that a machine's guests see. What a device asks and is answered are messages of 9P2000.L: it carries them, and knows no
 * file; who answers is outside, at a safe point of the machine. An answer is an input of the machine, journalled, so that a replay needs no folder.
 */
@NullMarked
package org.xenolith.share.api;

import org.jspecify.annotations.NullMarked;
