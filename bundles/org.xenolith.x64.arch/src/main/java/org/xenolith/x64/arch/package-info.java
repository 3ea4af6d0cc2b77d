// SPDX-License-Identifier: EPL-2.0
/** The architectural state of x86-64 processors, and what it does to memory, exceptions and control: all but the instructions, which engines execute. */
@NullMarked
package org.xenolith.x64.arch;

import org.jspecify.annotations.NullMarked;
