// SPDX-License-Identifier: EPL-2.0
/** How bundles add commands: to the command line, to the monitor prompt and to the OSGi shell. */
@NullMarked
package org.xenolith.command.api;

import org.jspecify.annotations.NullMarked;
