// SPDX-License-Identifier: EPL-2.0
/** What commands have in common: names of files and numbers as people type them, tables and exit codes. */
@NullMarked
package org.xenolith.command.kit;

import org.jspecify.annotations.NullMarked;
