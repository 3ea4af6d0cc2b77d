// SPDX-License-Identifier: EPL-2.0
/** An engine of x86-64 CPUs that writes the host's machine code. */
package org.xenolith.cpu.x64.machinecode;
