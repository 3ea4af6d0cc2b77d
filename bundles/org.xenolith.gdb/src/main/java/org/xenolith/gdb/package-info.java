// SPDX-License-Identifier: EPL-2.0
/** Debuggers look into machines by GDB's remote serial protocol. */
package org.xenolith.gdb;
